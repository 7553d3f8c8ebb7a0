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

	ActVote         Action = "vote"  // issue, section, 1 up or 0: the vote, or take it back
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
	ActTrial           Action = "btry"   // issue: send it to the admin alone, then ask again
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

	ActDraftSend    Action = "dsend" // draft: keep it and ask whether to send it
	ActDraftKeep    Action = "dkeep" // draft: for the next run
	ActAskReplace   Action = "drepq" // draft, issue: shall it really take its place?
	ActDraftReplace Action = "drep"  // draft, issue: takes its place
	ActDraftDiscard Action = "ddrop" // draft
	ActPartsDone    Action = "ddone" // draft: no more parts are coming
	ActPartsCancel  Action = "dquit" // draft: forget the parts
	ActTry          Action = "dtry"  // 0 draft or 1 issue, its id, layout, bits of sections that are off: show what can be chosen
	ActGive         Action = "dgive" // the same: send it
	ActLookBack     Action = "dlook" // 0 draft or 1 issue, its id: show it again

	ActApprove Action = "byes" // issue, edition: it was held, and readers may have it from now on

	ActAudit        Action = "baudit" // issue, page of what was done with it; 0: of everything
	ActAuditBy      Action = "bwho"   // user, page of what they did
	ActNameEditor   Action = "bname"  // user: make an editor
	ActRemoveEditor Action = "bedit"  // user: is no editor any longer
	ActInvite       Action = "binv"   // make a link that makes somebody an editor
	ActUninvite     Action = "buninv" // take such links back

	ActSources Action = "bsrc"  // page: show how the sources of issues stand
	ActLookAt  Action = "blook" // source, page: look at it now
	ActGather  Action = "bmake" // source, page: make the issue of its entries now

	ActFigures Action = "bfig" // 0 light or 1 dark: the picture of the figures with that background
	ActTable   Action = "bcsv" // the figures as a table

	ActCorrect        Action = "bcor"   // issue, edition: give it to those who have the issue
	ActDontCorrect    Action = "bcno"   // issue, edition: leave what arrived
	ActAskRecall      Action = "bdelq"  // issue: really delete what arrived?
	ActOpenRecall     Action = "bdelo"  // issue: the same question in a new message
	ActRecall         Action = "bdel"   // issue
	ActDontRecall     Action = "bdelno" // issue
	ActRevision       Action = "brev"   // revision: how it goes
	ActPauseRevision  Action = "brevp"  // revision
	ActResumeRevision Action = "brevr"  // revision
	ActCancelRevision Action = "brevc"  // revision

	ActTally      Action = "btally"  // issue: show the votes in a new message
	ActTallyAgain Action = "btallyr" // issue: show them afresh

	ActTakeBack   Action = "rback" // letter: the reader takes it back
	ActMuteReader Action = "rmute" // conversation, 1 muted or 0

	ActMergeFrom Action = "bmfrom" // page: which section to merge?
	ActMergeInto Action = "bminto" // section, page: into which?
	ActAskMerge  Action = "bmask"  // section, section it became: really?
	ActMerge     Action = "bmerge" // section, section it became
	ActDontMerge Action = "bmno"   // section, section it became: do not merge them
)
