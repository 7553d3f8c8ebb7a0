// Package digest says what an issue of a digest is, and turns it into the messages
// that Telegram shows. Package [digestbot/digest/document] reads issues from
// documents.
//
// An [Issue] has sections, and these have items; [SectionKey] tells which sections
// of different issues are the same.
//
//	for _, m := range issue.Messages() {
//		fmt.Println(m.Section, m.Part, m.HTML)
//	}
//
// [Issue.Messages] has what each [Layout] needs: messages for the layout
// sections, headlines that [Compact] joins, and rich messages.
// [Issue.Terminal] and [Issue.Preview] show them to an editor, and [Issue.Check]
// says what the editor should look at.
//
// The rest is for those who make issues or write messages. Text is measured as
// Telegram does ([Units]) and as a screen does ([Width]), and cut without breaking
// a character. [CutSpans], [TrimSpans] and their like do the same to styled text.
// [CutOrdinal], [SplitEmoji] and [IsLinkTitle] find what a heading or a line says beside
// its words. Dates are found by package [digestbot/digest/dates], and numerals are read by
// [digestbot/digest/numerals].
//
// Everything here is a pure function of its input: no clock, no network, no
// files. Messages are always valid.
package digest
