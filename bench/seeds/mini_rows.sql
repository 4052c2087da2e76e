-- Dossiers number :first to :last of the reference, as many and as skewed as the portal's.
SELECT setseed(0.%(first)s);

INSERT INTO mini_dossier (code, procedure, agency, applicant, assignee, status, received_at, due_at)
SELECT
    'M-' || n, 1 + floor(100 * random() ^ 5), 1 + floor(94 * random() ^ 3), 1 + floor(5000 * random()), 1,
    CASE WHEN n %% 5 = 0 THEN floor(6 * random()) ELSE 6 + floor(4 * random()) END,
    now() - random() * interval '730 days', now() + (random() * 10 - 3) * interval '1 day'
FROM generate_series(%(first)s::bigint, %(last)s::bigint) AS n;

INSERT INTO mini_form (dossier_id, answers)
SELECT id, %(answers)s::jsonb FROM mini_dossier WHERE id > %(after)s;

INSERT INTO mini_event (dossier_id, kind, actor, at, facts)
SELECT id, 1, 'applicant', received_at, '{}' FROM mini_dossier WHERE id > %(after)s;
