package demo

import (
	"embed"
	"strings"
	"text/template"

	"digestbot/bot/telegramsim"
)

//go:embed weekly
var files embed.FS

// texts are the templates of all issues. What they say is invented.
var texts = template.Must(template.ParseFS(files, "weekly/*/*.tmpl"))

//go:embed cover-en.png
var englishCover []byte

//go:embed cover-zh.png
var chineseCover []byte

// Weekly is a weekly of the demo with its bot.
type Weekly struct {
	Path     string // of its page, without slashes
	Language string // of its readers' apps
	Tag      string // of the bot's language
	Name     string // of the bot
	Username string
	Welcome  string // what the bot says of itself
	Link     string // to the page, as people who read its language call it

	suffix  string // of the names of its texts
	cover   []byte // PNG
	cast    cast
	buttons buttons
}

// cast are the people and chats.
type cast struct {
	visitor, reader, admin, group, forum, channel string

	others []string // readers in the background: so many that a canary is worth it
}

// buttons are those of the bot that the guide names.
type buttons struct{ subscribe, layout, compact string }

// Weeklies returns all weeklies. The first is for visitors in whose language there is none.
func Weeklies() []Weekly { return []Weekly{English(), Chinese()} }

// English returns the weekly in English. It is written in Markdown.
func English() Weekly {
	return Weekly{
		Path: "en", Language: "en", Tag: "en", Name: "Riverside Weekly", Username: "riverside_weekly_bot", Link: "English",
		Welcome: "What happened in a small town on a river, every Friday.",
		suffix:  ".md.tmpl", cover: englishCover,
		cast: cast{
			visitor: "Ann", reader: "Ben", admin: "Admin Mei",
			group: "River walkers", forum: "Harbour club", channel: "Riverside News",
			others: strings.Fields("Ada Bo Cleo Dan Edith Finn Gwen Hugo Iris Jack Kim Lena Milo Nora Otto Pia Quinn Rosa Sam Tess"),
		},
		buttons: buttons{subscribe: "🔔 Subscribe", layout: "📰 Layout", compact: "One message"},
	}
}

// Chinese returns the weekly in Chinese. It is written as many Chinese weeklies are: with
// YAML front matter, an HTML body, and sections with ordinals.
func Chinese() Weekly {
	return Weekly{
		Path: "zh", Language: "zh-hans", Tag: "zh-Hans", Name: "河畔周报", Username: "hepan_weekly_bot", Link: "中文",
		Welcome: "每周五，讲讲河边小城这一周发生的事。",
		suffix:  ".html.tmpl", cover: chineseCover,
		cast: cast{
			visitor: "小林", reader: "阿禾", admin: "管理员梅姐",
			group: "河边散步群", forum: "码头俱乐部", channel: "河畔快讯",
			others: strings.Fields("安然 白露 陈一 大牛 冬冬 方圆 谷雨 海棠 静静 可可 老秦 小满 木木 念念 欧阳 平平 青禾 若水 石桥 甜甜"),
		},
		buttons: buttons{subscribe: "🔔 订阅", layout: "📰 版式", compact: "合成一条"},
	}
}

// guide returns what the page says while no chat is open: what to try, step by step. Names
// and buttons are in the weekly's language, the rest in that of the visitor.
func (w Weekly) guide() []telegramsim.Words {
	names := strings.NewReplacer("{visitor}", w.cast.visitor, "{admin}", w.cast.admin,
		"{subscribe}", w.buttons.subscribe, "{layout}", w.buttons.layout, "{compact}", w.buttons.compact)
	steps := []telegramsim.Words{
		{
			"en": "Subscribe: open {visitor}, press [START], then [{subscribe}]. You play everybody here.",
			"zh": "订阅：打开{visitor}的聊天，点[开始]，再点[{subscribe}]。这里的每个人都由你来扮演。",
		},
		{
			"en": "Make it Friday: press [Friday now]. Everybody who subscribed gets the new issue.",
			"zh": "让它到周五：点[周五到了]，每位订阅者都会收到新的一期。",
		},
		{
			"en": "Get it in one message: write /settings, press [{layout}] and [{compact}], then write /latest. With /sections you switch sections off.",
			"zh": "收成一条消息：发 /settings，点[{layout}]，再点[{compact}]，然后发 /latest。不看的栏目用 /sections 关掉。",
		},
		{
			"en": "Run it: open {admin}. /broadcast offers the next issue, first to a few readers if you like, and /status shows how it goes.",
			"zh": "当一回管理员：打开{admin}的聊天，用 /broadcast 群发下一期，也可以先发给一小部分人看看，再用 /status 查看进度。",
		},
		{
			"en": "And then: look for something with /search, block the bot, write in the groups and the channel. [Reset] brings back the start.",
			"zh": "还可以：用 /search 找找往期，屏蔽机器人，到群和频道里试试。点[重置]，一切回到开头。",
		},
	}
	for _, words := range steps {
		for language, text := range words {
			words[language] = names.Replace(text)
		}
	}
	return steps
}
