"""The reference: the smallest honest Django and REST framework that does the work no portal can do without.

A filing takes one multipart request with ten checked fields and a file, keeps the file hashed and synced on the disk,
and writes dossier, form, event, outbox message and the agency's counter in one transaction. There is no login, no
permission, no history chain, no virus scan, no translation: what a full portal costs on top is what the benchmarks show.
"""
