package archive

// A section is one-off if exactly one issue has it and the archive has another issue. So
//
//   - while the archive has a single issue, nothing is one-off;
//   - a section that comes a second time is not one-off any more;
//   - a new section that will come every week is one-off in its first issue;
//   - a correction that takes a heading out of all issues but one makes it
//     one-off, and merging sections can end that.

// OneOffSQL is true if the section whose id is in that column is one-off. It takes the same
// time however many issues have the section.
func OneOffSQL(section string) string {
	has := func(end string) string {
		return "(SELECT " + end + "(o.issue_id) FROM issue_sections o WHERE o.section_id = " + section + ")"
	}
	return "(coalesce(" + has("min") + " = " + has("max") + ", 0) AND EXISTS (SELECT 1 FROM issues LIMIT 1 OFFSET 1))"
}
