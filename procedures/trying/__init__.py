"""Trying a draft before people meet it: synthetic applicants through every branch, and a lint that finds what will hurt."""
