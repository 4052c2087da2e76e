-- Dossiers number :first to :last of the portal, each with its filing in the history and one file.
-- A fifth is open; sizes of agencies and procedures fall steeply; the seed makes every run equal.
SELECT setseed(0.%(first)s);

CREATE TEMPORARY TABLE drawn AS
WITH place AS (
    SELECT array_agg(id ORDER BY code) AS ids, array_agg(code ORDER BY code) AS codes, count(*) AS size
    FROM agencies_agency WHERE kind IN ('ward', 'commune', 'special_zone')
), subject AS (
    SELECT array_agg(version.id ORDER BY procedure.code) AS ids, count(*) AS size
    FROM procedures_procedureversion AS version
    JOIN procedures_procedure AS procedure ON procedure.current_version_id = version.id
    WHERE procedure.code LIKE '9.9%%'
), people AS (
    SELECT min(id) AS first, count(*) AS size FROM citizens_person WHERE address = %(address)s
), worker AS (
    SELECT officer.id FROM agencies_officer AS officer JOIN accounts_user AS login ON login.id = officer.user_id
    WHERE login.username = 'bench.chuyenvien'
), dice AS (
    SELECT n, n %% 5 = 0 AS is_open, random() AS unit, random() AS subject, random() AS person, random() AS state,
           random() AS age, random() AS due
    FROM generate_series(%(first)s::bigint, %(last)s::bigint) AS n
)
SELECT
    n, is_open,
    place.ids[1 + floor(place.size * unit ^ 3)::int] AS unit_id,
    place.codes[1 + floor(place.size * unit ^ 3)::int] AS unit_code,
    subject.ids[1 + floor(subject.size * subject ^ 5)::int] AS version_id,
    people.first + floor(people.size * person)::int AS person_id,
    worker.id AS worker_id,
    CASE
        WHEN NOT is_open THEN CASE WHEN state < 0.94 THEN 'returned' ELSE 'intake_refused' END
        WHEN state < 0.15 THEN 'submitted'
        WHEN state < 0.20 THEN 'accepted'
        WHEN state < 0.30 THEN 'forwarded'
        WHEN state < 0.65 THEN 'in_process'
        WHEN state < 0.75 THEN 'awaiting_sign_off'
        WHEN state < 0.80 THEN 'signed'
        ELSE 'completed'
    END AS status,
    now() - CASE WHEN is_open THEN age * interval '20 days' ELSE interval '20 days' + age * interval '710 days' END
        AS submitted_at,
    CASE
        WHEN is_open THEN now() + (due * 10 - 3) * interval '1 day'
        ELSE now() - age * interval '710 days'
    END AS due_at
FROM dice, place, subject, people, worker;

INSERT INTO dossiers_dossier (
    tracking_no, code, procedure_version_id, status, owner_person_id, submitter_id, filing_mode, channel,
    received_at_unit_id, competent_agency_id, current_handler_id, form_data, form_revision, contact_phone,
    contact_email, submitted_at, accept_due_at, accepted_at, due_at, original_due_at, next_due_at, completed_at,
    returned_at, outcome, delivery_state, history_head, history_length, created_at, updated_at,
    is_cross_area, is_mirror, is_bundle, leading_system, is_rescheduled, intake_route, payment_state, sync_state, external_code, rule_set,
    resume_status
)
SELECT
    -- Scattered like real ones, which are random, and yet all different: 30 bits times an odd number.
    'TN-' || to_char(submitted_at, 'YYMMDD') || '-' || (
        SELECT string_agg(substr('23456789ABCDEFGHJKLMNPQRSTUVWXYZ', 1 + ((n * 716145697 >> 5 * place) & 31)::int, 1), '')
        FROM generate_series(0, 5) AS place
    ),
    CASE WHEN status NOT IN ('submitted', 'intake_refused')
        THEN unit_code || '-' || to_char(submitted_at, 'YYMMDD') || '-' || lpad(n::text, 7, '0') END,
    version_id, status, person_id, person_id, 'self', 'online', unit_id, unit_id,
    CASE WHEN status = 'in_process' THEN worker_id END,
    %(answers)s::jsonb, 1, '0905123456', '', submitted_at, submitted_at + interval '4 hours',
    CASE WHEN status NOT IN ('submitted', 'intake_refused') THEN submitted_at + interval '2 hours' END,
    due_at, due_at,
    CASE
        WHEN status = 'submitted' THEN submitted_at + interval '4 hours'
        WHEN is_open AND status <> 'completed' THEN due_at
    END,
    CASE WHEN NOT is_open OR status = 'completed' THEN due_at END,
    CASE WHEN status = 'returned' THEN due_at END,
    CASE WHEN status = 'intake_refused' THEN 'refused' WHEN status IN ('returned', 'completed') THEN 'granted' ELSE '' END,
    CASE status WHEN 'returned' THEN 'delivered' WHEN 'completed' THEN 'sent_to_vault' ELSE 'not_ready' END,
    md5(n::text), 1, submitted_at, submitted_at,
    false, false, false, '', false, 'city_portal', 'not_due', 'not_required', '',
    CASE WHEN status NOT IN ('submitted', 'intake_refused') THEN 'rs2026' ELSE '' END, ''
FROM drawn ORDER BY n;

INSERT INTO dossiers_dossierevent (
    dossier_id, seq, action, from_status, to_status, at, actor_kind, actor_name, actor_role, note, data, ip,
    previous_hash, hash
)
SELECT id, 1, 'submit', 'draft', 'submitted', submitted_at, 'person', 'Người nộp minh họa', '', '', '{}', '127.0.0.1',
    '', history_head
FROM dossiers_dossier WHERE id > %(after)s ORDER BY id;

INSERT INTO dossiers_dossiercomponent (
    dossier_id, component_id, file, original_name, kind, size, pages, sha256, scan_state, check_state, check_note,
    given_as, original_kept, created_at, updated_at
)
SELECT dossier.id, component.id, 'dossiers/bench/' || dossier.id || '.pdf', 'giay-to.pdf', 'pdf', 204800, 1,
    md5(dossier.id::text) || md5(dossier.id::text), 'clean', 'unchecked', '', 'file', false, submitted_at, submitted_at
FROM dossiers_dossier AS dossier
JOIN procedures_component AS component ON component.version_id = dossier.procedure_version_id
WHERE dossier.id > %(after)s ORDER BY dossier.id;

DROP TABLE drawn;
