package talk

// Action is what a button does. The words never change, because old messages have them.
type Action string

// The actions of buttons, with the numbers they carry.
const (
	ActSubscribe    Action = "sub"
	ActAbout        Action = "what"  // say what the bot is
	ActElsewhere    Action = "else"  // say how to subscribe another topic
	ActSections     Action = "sec"   // show the switches in a new message
	ActResubscribe  Action = "keep"  // subscribe again and show the switches in place
	ActPage         Action = "page"  // page
	ActMute         Action = "mute"  // section, 1 muted or 0, page
	ActMuteAll      Action = "all"   // 1 muted or 0, page
	ActMuteOther    Action = "oth"   // 1 muted or 0, page: all sections of one issue only
	ActSectionsDone Action = "close" // replace the switches by a summary
	ActUnsubscribe  Action = "leave" // end the subscription, and offer ways back
	ActLatest       Action = "new"
	ActTopics       Action = "top"  // 1 a topic for each section or 0
	ActTopicsDone   Action = "away" // replace the switch for topics by a summary
	ActIssues       Action = "list" // page of the archive
	ActIssue        Action = "iss"  // issue: send it
	ActPart         Action = "part" // issue, section: send that section of it
	ActFind         Action = "find" // page of the results for the words in the message
	ActHit          Action = "hit"  // issue, edition, item, page of the results, part: show that item in place of the results
	ActOpenShare    Action = "shro" // issue: show what of it can be shared in a new message
	ActShare        Action = "shr"  // issue, page: show that page of its sections to share
	ActUnfold       Action = "unf"  // issue, edition, position: show that message in place of the headlines
	ActFoldUp       Action = "fold" // issue, edition: bring the headlines back

	ActHosts        Action = "chs"   // show the groups and channels that the person can set up
	ActAskForget    Action = "ask"   // ask whether to delete everything about the chat
	ActSettings     Action = "set"   // show the settings in place
	ActOpenSettings Action = "opt"   // show the settings in a new message
	ActSettingsDone Action = "done"  // replace the settings by a summary
	ActLayouts      Action = "lay"   // show the layouts
	ActSetLayout    Action = "lays"  // number in layouts
	ActOpenLayouts  Action = "layo"  // show the layouts in a new message
	ActAnswerLayout Action = "laya"  // number in layouts, as the answer to the question after a subscription
	ActLanguages    Action = "lang"  // show the languages
	ActSetLanguage  Action = "langs" // LanguageNumber, or 0: Telegram's
	ActSetSilent    Action = "snd"   // 1 silent or 0
	ActSetPreviews  Action = "pre"   // 1 none or 0
	ActOften        Action = "oft"   // show how often issues may come
	ActSetOften     Action = "ofts"  // number in often
	ActWords        Action = "word"  // page: show the muted and highlighted words
	ActDropWord     Action = "drop"  // word, page
	ActDays         Action = "day"   // show the delivery time and the days to choose from
	ActHours        Action = "hour"  // weekday: show the hours
	ActSetHour      Action = "at"    // weekday, minute of the day
	ActZones        Action = "zone"  // weekday, minute, page: show time zones
	ActSetTime      Action = "when"  // weekday, minute, number of the zone
	ActOnSchedule   Action = "due"   // deliver with the schedule
	ActPauses       Action = "rest"  // pauseOffer: show the pauses
	ActPauseFor     Action = "pause" // days, pauseOffer
	ActResumeNow    Action = "go"    // pauseOffer
	ActFarewell     Action = "left"  // back from the pauses to the farewell
	ActForget       Action = "wipe"  // delete everything about the chat
	ActDontForget   Action = "stay"  // delete nothing

	ActSend            Action = "bgo"    // issue: broadcast it
	ActCanary          Action = "bfew"   // issue: broadcast it to a few, then ask
	ActDontSend        Action = "bno"    // issue: do not broadcast
	ActRefresh         Action = "bst"    // show the status afresh
	ActPauseBroadcast  Action = "bpause" // broadcast
	ActResumeBroadcast Action = "bres"   // broadcast
	ActAskCancel       Action = "bask"   // broadcast: really cancel?
	ActCancel          Action = "bstop"  // broadcast
	ActAskSend         Action = "bsend"  // ask whether to broadcast the newest issue
	ActDontCancel      Action = "bgoon"  // broadcast: do not cancel it
	ActRetry           Action = "bretry" // broadcast

	ActRetryIssue   Action = "bagain" // issue: try again for those who asked for it
	ActAskWithdraw  Action = "bwask"  // issue: really withdraw, or restore, it?
	ActWithdraw     Action = "bwith"  // issue
	ActDontWithdraw Action = "bwno"   // issue: do not withdraw it
	ActRestore      Action = "bback"  // issue: it is withdrawn no longer
	ActRedate       Action = "bdate"  // issue, day as of dayNumber
	ActDateRight    Action = "bright" // issue: it is dated ahead, and that is right
	ActAskAhead     Action = "bahead" // issue: it is dated ahead, send it all the same?

	ActMergeFrom Action = "bmfrom" // page: which section to merge?
	ActMergeInto Action = "bminto" // section, page: into which?
	ActAskMerge  Action = "bmask"  // section, section it became: really?
	ActMerge     Action = "bmerge" // section, section it became
	ActDontMerge Action = "bmno"   // section, section it became: do not merge them
)
