package archive

// Headings that are in one issue only, such as the title of a week's essay, would
// each leave a switch behind that nobody needs again. They share one, "Other". A
// section is one-off if exactly one issue has it and the archive has another issue.
// So
//
//   - while the archive has a single issue, nothing is one-off: only that issue
//     shows readers what there is to choose from;
//   - a section that comes a second time is not one-off any more, and has a switch
//     of its own from then on, which is on; readers who switched Other off get it;
//   - a new section that will come every week is one-off in its first issue;
//   - a correction that takes a heading out of all issues but one makes it
//     one-off, and merging sections can end that.
//
// A reader who muted a section by its own switch keeps it muted when it becomes
// one-off, and keeps the switch. Switched on, it is like the other one-off sections:
// it arrives unless Other is off.

// OneOffSQL is true if the section whose id is in that column is one-off.
func OneOffSQL(section string) string {
	return `(
		(SELECT count(DISTINCT o.issue_id) FROM issue_sections o WHERE o.section_id = ` + section + `) = 1
		AND (SELECT count(*) FROM issues) > 1)`
}
