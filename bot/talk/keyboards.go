package talk

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/go-telegram/bot/models"

	"digestbot/bot/delivery"
	"digestbot/subscribers"
)

// Callback data is "1:<action>:<number>:…": the version of this format, what to
// do, and with what. It says what shall be, not what to change, so that a press
// that arrives twice does nothing the second time. Anybody can send any data:
// it is parsed strictly, and rights are checked at every press.
const callbackVersion = "1"

// Action is what a button does.
type Action string

// The actions of buttons. Those of admins begin with "b".
const (
	ActSubscribe Action = "sub"
	ActSections  Action = "sec"   // show the switches in a new message
	ActKeep      Action = "keep"  // subscribe again and show the switches in place
	ActPage      Action = "page"  // page
	ActMute      Action = "mute"  // section, 1 muted or 0, page
	ActMuteAll   Action = "all"   // 1 muted or 0, page
	ActMuteOther Action = "oth"   // 1 muted or 0, page: all sections of one issue only
	ActClose     Action = "close" // put the switches away
	ActLatest    Action = "new"
	ActTopics    Action = "top"  // 1 a topic for each section or 0
	ActPutAway   Action = "away" // put the switch for topics away
	ActIssues    Action = "list" // page of the archive
	ActIssue     Action = "iss"  // issue: send it
	ActPart      Action = "part" // issue, section: send that section of it
	ActFind      Action = "find" // page of what the message says was searched for
	ActUnfold    Action = "unf"  // issue, edition, position: show that message in place of the headlines
	ActFoldUp    Action = "fold" // issue, edition: bring the headlines back

	ActSettings     Action = "set"   // show the settings in place
	ActOpenSettings Action = "opt"   // show the settings in a new message
	ActSettingsDone Action = "done"  // put the settings away
	ActLayouts      Action = "lay"   // show the layouts
	ActSetLayout    Action = "lays"  // number in layouts
	ActLanguages    Action = "lang"  // show the languages
	ActSetLanguage  Action = "langs" // tagNumber, or 0: Telegram's
	ActSetSilent    Action = "snd"   // 1 silent or 0
	ActDays         Action = "day"   // show the delivery time and the days to choose from
	ActHours        Action = "hour"  // weekday: show the hours
	ActSetHour      Action = "at"    // weekday, minute of the day
	ActZones        Action = "zone"  // weekday, minute, page: show time zones
	ActSetTime      Action = "when"  // weekday, minute, number of the zone
	ActOnSchedule   Action = "due"   // deliver with the schedule
	ActPauses       Action = "rest"  // where: show the pauses
	ActPauseFor     Action = "pause" // days, where
	ActResumeNow    Action = "go"    // where
	ActFarewell     Action = "left"  // back from the pauses to the farewell
	ActForget       Action = "wipe"  // delete everything about the chat
	ActRemember     Action = "stay"  // delete nothing

	ActSend    Action = "bgo"    // issue: broadcast it
	ActCanary  Action = "bfew"   // issue: broadcast it to a few, then ask
	ActBackOut Action = "bno"    // issue: do not broadcast
	ActRefresh Action = "bst"    // show the status afresh
	ActPause   Action = "bpause" // broadcast
	ActResume  Action = "bres"   // broadcast
	ActAskStop Action = "bask"   // broadcast: really cancel?
	ActStop    Action = "bstop"  // broadcast
	ActAskSend Action = "bsend"  // ask whether to broadcast the newest issue
	ActGoOn    Action = "bgoon"  // broadcast: do not cancel it
	ActRetry   Action = "bretry" // broadcast

	ActRetryIssue  Action = "bagain" // issue: try again for those who asked for it
	ActAskWithdraw Action = "bwask"  // issue: really withdraw, or restore, it?
	ActWithdraw    Action = "bwith"  // issue
	ActKeepIssue   Action = "bwno"   // issue: do not withdraw it
	ActRestore     Action = "bback"  // issue: it is withdrawn no longer
	ActRedate      Action = "bdate"  // issue, day as of dayNumber
	ActDateRight   Action = "bright" // issue: it is dated ahead, and that is right
	ActAskAhead    Action = "bahead" // issue: it is dated ahead, send it all the same?

	ActMergeFrom Action = "bmfrom" // page: which section to merge?
	ActMergeInto Action = "bminto" // section, page: into which?
	ActMergeAsk  Action = "bmask"  // section, section it became: really?
	ActMerge     Action = "bmerge" // section, section it became
	ActLeave     Action = "bmno"   // section, section it became: do not merge them
)

// Arguments tells how many numbers belong to an action.
var Arguments = map[Action]int{
	ActSubscribe: 0, ActSections: 0, ActKeep: 0, ActPage: 1, ActMute: 3, ActMuteAll: 2, ActClose: 0, ActLatest: 0,
	ActTopics: 1, ActPutAway: 0,
	ActIssues: 1, ActIssue: 1, ActPart: 2, ActFind: 1, ActUnfold: 3, ActFoldUp: 2,
	ActSettings: 0, ActOpenSettings: 0, ActSettingsDone: 0, ActLayouts: 0, ActSetLayout: 1, ActLanguages: 0, ActSetLanguage: 1, ActSetSilent: 1,
	ActDays: 0, ActHours: 1, ActSetHour: 2, ActZones: 3, ActSetTime: 3, ActOnSchedule: 0,
	ActPauses: 1, ActPauseFor: 2, ActResumeNow: 1, ActFarewell: 0, ActForget: 0, ActRemember: 0,
	ActSend: 1, ActCanary: 1, ActBackOut: 1, ActRefresh: 0, ActPause: 1, ActResume: 1, ActAskStop: 1, ActStop: 1, ActGoOn: 1, ActRetry: 1, ActRetryIssue: 1, ActAskSend: 0,
	ActAskWithdraw: 1, ActWithdraw: 1, ActKeepIssue: 1, ActRestore: 1, ActRedate: 2, ActDateRight: 1, ActAskAhead: 1,
	ActMuteOther: 2, ActMergeFrom: 1, ActMergeInto: 2, ActMergeAsk: 2, ActMerge: 2, ActLeave: 2,
}

// ForAdmins tells whether only the bot's admins may do it.
func (a Action) ForAdmins() bool { return strings.HasPrefix(string(a), "b") }

// callbackData writes what parseCallback reads; at most 64 bytes.
func callbackData(a Action, numbers ...int64) string {
	fields := []string{callbackVersion, string(a)}
	for _, n := range numbers {
		fields = append(fields, strconv.FormatInt(n, 10))
	}
	return strings.Join(fields, ":")
}

// ParseCallback reads callback data; ok is false for what callbackData never
// writes.
func ParseCallback(data string) (a Action, numbers []int64, ok bool) {
	fields := strings.Split(data, ":")
	if len(fields) < 2 || fields[0] != callbackVersion {
		return "", nil, false
	}
	a = Action(fields[1])
	want, known := Arguments[a]
	if !known || len(fields)-2 != want {
		return "", nil, false
	}
	for _, field := range fields[2:] {
		n, err := strconv.ParseInt(field, 10, 64)
		if err != nil || n < 0 || strconv.FormatInt(n, 10) != field {
			return "", nil, false
		}
		numbers = append(numbers, n)
	}
	return a, numbers, true
}

// Keyboard is an inline keyboard, row by row.
type Keyboard [][]models.InlineKeyboardButton

// Markup returns the keyboard as the library wants it. An empty keyboard is
// none: an edit with it takes the buttons away.
func (k Keyboard) Markup() *models.InlineKeyboardMarkup { return delivery.Markup(k) }

// Button is a button that leads to an action, with the numbers it carries.
func Button(text string, a Action, numbers ...int64) models.InlineKeyboardButton {
	return models.InlineKeyboardButton{Text: text, CallbackData: callbackData(a, numbers...)}
}

// Row is a row of buttons.
func Row(buttons ...models.InlineKeyboardButton) []models.InlineKeyboardButton { return buttons }

// WelcomeKeyboard stands under the welcome.
func WelcomeKeyboard(s Speaker, subscribed bool) Keyboard {
	rest := Row(Button(s.Plain("button.sections"), ActSections), Button(s.Plain("button.latest"), ActLatest))
	if subscribed {
		return Keyboard{rest}
	}
	return Keyboard{Row(Button(s.Plain("button.subscribe"), ActSubscribe)), rest}
}

// switchesPerPage keeps the keyboard lower than a phone's screen.
const switchesPerPage = 12

// SwitchKeyboard has one switch per section, for one page of them; a page that
// does not exist is replaced by the nearest.
func SwitchKeyboard(s Speaker, switches []subscribers.Switch, page int) Keyboard {
	pages := (len(switches) + switchesPerPage - 1) / switchesPerPage
	page = max(min(page, pages-1), 0)
	var k Keyboard
	for _, w := range switches[page*switchesPerPage : min((page+1)*switchesPerPage, len(switches))] {
		mark, next := "✅", int64(1)
		if w.Muted {
			mark, next = "⬜", 0
		}
		if w.Other {
			k = append(k, Row(Button(mark+" "+s.Plain("sections.one_off"), ActMuteOther, next, int64(page))))
			continue
		}
		k = append(k, Row(Button(mark+" "+SectionName(s, w.Section), ActMute, w.ID, next, int64(page))))
	}
	if pages > 1 {
		k = append(k, Row(
			Button("◀️", ActPage, int64(max(page-1, 0))),
			Button(fmt.Sprintf("%d/%d", page+1, pages), ActPage, int64(page)),
			Button("▶️", ActPage, int64(min(page+1, pages-1))),
		))
	}
	if len(switches) > 1 {
		k = append(k, Row(
			Button(s.Plain("button.all_on"), ActMuteAll, 0, int64(page)),
			Button(s.Plain("button.all_off"), ActMuteAll, 1, int64(page)),
		))
	}
	return append(k, Row(Button(s.Plain("button.close"), ActClose)))
}

// SectionName names a section; a document without headings has one without a
// name.
func SectionName(s Speaker, section subscribers.Section) string {
	if section.Name == "" {
		return s.Plain("sections.unnamed")
	}
	return clip(section.Name)
}

// IssuesPerPage is how many issues stand on a page of a list.
const IssuesPerPage = 10

// buttonsPerRow is how many short buttons stand side by side on a phone.
const buttonsPerRow = 5

// Grid arranges buttons row by row: short ones side by side, a long one alone.
func Grid(buttons []models.InlineKeyboardButton) Keyboard {
	const short = 6 // characters: "📰 1234"
	var k Keyboard
	room := 0
	for _, b := range buttons {
		if utf8.RuneCountInString(b.Text) > short {
			k, room = append(k, Row(b)), 0
			continue
		}
		if room == 0 {
			k, room = append(k, nil), buttonsPerRow
		}
		last := len(k) - 1
		k[last] = append(k[last], b)
		room--
	}
	return k
}

// NearestPage returns the page, counted from 0, that is nearest to the one
// asked for, and how many there are: a button may be older than what it pages
// through, or forged.
func NearestPage(page int64, total, perPage int) (at, pages int) {
	pages = max((total+perPage-1)/perPage, 1)
	return int(min(page, int64(pages-1))), pages
}

// Pager is the row that turns pages; there is none for a single page.
func Pager(a Action, page, pages int) Keyboard {
	if pages <= 1 {
		return nil
	}
	return Keyboard{Row(
		Button("◀️", a, int64(max(page-1, 0))),
		Button(fmt.Sprintf("%d/%d", page+1, pages), a, int64(page)),
		Button("▶️", a, int64(min(page+1, pages-1))),
	)}
}
