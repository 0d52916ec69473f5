-- Which new rows may be an event that is already there? Those whose identity stands twice. None is judged yet.
CREATE OR REPLACE TEMP TABLE twice AS
SELECT identity FROM fresh GROUP BY identity HAVING count(*) > 1
UNION
SELECT f.identity FROM fresh AS f JOIN stored USING (identity);
CREATE OR REPLACE TEMP TABLE verdicts (position BIGINT, verdict VARCHAR);
CREATE OR REPLACE TEMP TABLE twins (position BIGINT, life BIGINT, event_id VARCHAR)
