-- v34 -> v35: saving an issue takes no longer when there are thousands

CREATE INDEX issues_document ON issues (document_name);

DROP INDEX issue_sections_section;
CREATE INDEX issue_sections_section ON issue_sections (section_id, issue_id);
