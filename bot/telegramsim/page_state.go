package telegramsim

import (
	"cmp"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strconv"
	"strings"

	"digestbot/bot/telegramsim/markup"
)

// pageMessages is how many of the newest messages of a chat the page shows.
const pageMessages = 300

// What the page shows, as JSON.
type (
	viewState struct {
		Revision int64        `json:"revision"`
		Bot      User         `json:"bot"`
		Actions  []viewAction `json:"actions"`
		Links    []viewLink   `json:"links"`
		Guide    []Words      `json:"guide"`
		Chats    []viewChat   `json:"chats"`
	}
	viewAction struct {
		Name    string `json:"name"`
		Words   Words  `json:"words"`
		InChats bool   `json:"inChats,omitempty"`
	}
	viewLink struct {
		Text    string `json:"text"`
		Address string `json:"address"`
	}
	viewChat struct {
		ID       int64        `json:"id"`
		Kind     string       `json:"kind"`
		Title    string       `json:"title"`
		Language string       `json:"language,omitempty"`
		Members  []viewMember `json:"members"`
		Count    int          `json:"count"`
		Unread   int          `json:"unread"`
		Last     *viewLast    `json:"last,omitempty"`
		Blocked  bool         `json:"blocked,omitempty"`
		BotIn    bool         `json:"botIn"`
		Back     bool         `json:"back,omitempty"` // in the background
	}
	viewMember struct {
		ID    int64  `json:"id"`
		Name  string `json:"name"`
		Admin bool   `json:"admin,omitempty"`
	}
	viewLast struct {
		From string `json:"from,omitempty"`
		Text string `json:"text"`
		Date int64  `json:"date"`
	}
	viewOpen struct {
		ID       int64         `json:"id"`
		Messages []viewMessage `json:"messages"`
		Commands []Command     `json:"commands"`
		Topics   []viewTopic   `json:"topics"`
		About    string        `json:"about"`
	}
	viewTopic struct {
		ID     int    `json:"id"`
		Name   string `json:"name"`
		Closed bool   `json:"closed,omitempty"`
	}
	viewMessage struct {
		ID       int              `json:"id"`   // below 0: of an ephemeral message
		From     int64            `json:"from"` // 0: the chat itself
		Name     string           `json:"name"`
		Bot      bool             `json:"bot,omitempty"`
		ViaBot   bool             `json:"viaBot,omitempty"`
		Date     int64            `json:"date"`
		Edited   bool             `json:"edited,omitempty"`
		Text     string           `json:"text,omitempty"`
		Entities []markup.Entity  `json:"entities,omitempty"`
		Keyboard [][]Button       `json:"keyboard,omitempty"`
		Preview  *viewPreview     `json:"preview,omitempty"`
		Photo    string           `json:"photo,omitempty"`
		Document *viewDocument    `json:"document,omitempty"`
		Rich     *markup.RichNode `json:"rich,omitempty"`
		RTL      bool             `json:"rtl,omitempty"`
		Reply    *viewLast        `json:"reply,omitempty"`
		Service  string           `json:"service,omitempty"`
		Topic    string           `json:"topic,omitempty"`
		Silent   bool             `json:"silent,omitempty"`
		Pinned   bool             `json:"pinned,omitempty"`
		Only     bool             `json:"only,omitempty"` // only this person sees it
	}
	viewPreview struct {
		URL   string `json:"url"`
		Site  string `json:"site"`
		Image string `json:"image,omitempty"`
		Above bool   `json:"above,omitempty"`
		// Picture says that the address is that of a picture, about which there is nothing to say.
		Picture bool `json:"picture,omitempty"`
	}
	viewDocument struct {
		Name string `json:"name"`
		Size int64  `json:"size"`
		URL  string `json:"url"`
	}
)

func (pg *page) showState(w http.ResponseWriter, _ *http.Request) {
	pg.sim.mu.Lock()
	v := viewState{
		Revision: pg.sim.state.revision, Bot: pg.sim.state.bot, Actions: []viewAction{}, Chats: []viewChat{},
		Links: append([]viewLink{}, pg.links...), Guide: append([]Words{}, pg.guide...),
	}
	for _, a := range pg.actions {
		v.Actions = append(v.Actions, viewAction{a.name(), a.Words, a.InChats})
	}
	for _, c := range pg.sim.state.order {
		if c.movedTo == 0 && !c.deleted {
			v.Chats = append(v.Chats, pg.viewChatLocked(c))
		}
	}
	pg.sim.mu.Unlock()
	writeJSON(w, v)
}

func (pg *page) viewChatLocked(c *chat) viewChat {
	v := viewChat{
		ID: c.id, Kind: string(c.kind), Title: c.title, Members: []viewMember{}, Count: len(c.messages),
		BotIn: c.kind == private || c.bot.inside(),
	}
	if p := pg.sim.state.people[c.id]; p != nil {
		v.Language, v.Blocked, v.Back = p.user.LanguageCode, p.blocked, p.background
		v.Members = append(v.Members, viewMember{ID: p.user.ID, Name: p.user.FirstName})
	}
	for id, m := range c.members {
		if m.inside() && (c.kind != channel || m.admin()) {
			v.Members = append(v.Members, viewMember{id, pg.sim.state.user(id).FirstName, m.admin()})
		}
	}
	slices.SortFunc(v.Members, func(a, b viewMember) int { return cmp.Compare(a.ID, b.ID) })
	for i, m := range c.messages {
		if m.Deleted {
			continue
		}
		v.Last = &viewLast{From: m.From.FirstName, Text: summary(m), Date: m.Date.Unix()}
		if i >= c.seen && m.Mine() {
			v.Unread++
		}
	}
	return v
}

// summary returns a message in one line.
func summary(m *Message) string {
	text := cmp.Or(m.Text, m.Service)
	switch {
	case text != "":
	case m.Rich != nil:
		text = m.Rich.Text
	case m.Photo != "":
		text = "Photo"
	case m.Document != nil:
		text = m.Document.Name
	}
	return firstLine(text)
}

// firstLine returns the begin of a text in one line. It leaves off as soon as that is full:
// the page asks for the lists of chats all the time.
func firstLine(text string) string {
	var line []rune
	for word := range strings.FieldsSeq(text) {
		if len(line) > 0 {
			line = append(line, ' ')
		}
		if line = append(line, []rune(word)...); len(line) > 120 {
			return string(append(line[:119], '…'))
		}
	}
	return string(line)
}

func (pg *page) showChat(w http.ResponseWriter, r *http.Request) {
	id, err := strconv.ParseInt(r.URL.Query().Get("id"), 10, 64)
	if err != nil {
		http.Error(w, "id is not a number", http.StatusBadRequest)
		return
	}
	as, err := strconv.ParseInt(r.URL.Query().Get("as"), 10, 64)
	if err != nil {
		as = id
	}
	pg.sim.mu.Lock()
	c := pg.sim.state.chats[id]
	if c == nil {
		pg.sim.mu.Unlock()
		http.NotFound(w, r)
		return
	}
	v := pg.viewOpenLocked(c, as)
	pg.sim.mu.Unlock()
	writeJSON(w, v)
}

func (pg *page) viewOpenLocked(c *chat, as int64) viewOpen {
	v := viewOpen{ID: c.id, Messages: []viewMessage{}, Commands: []Command{}, Topics: []viewTopic{}}
	if p := pg.sim.state.people[as]; p != nil {
		v.Commands = append(v.Commands, pg.sim.state.commands(p, c.id)...)
		language, _, _ := strings.Cut(p.user.LanguageCode, "-")
		v.About = pg.sim.state.about("description", language, "")
	}
	for _, t := range c.topics {
		if !t.deleted {
			v.Topics = append(v.Topics, viewTopic{t.id, t.name, t.closed})
		}
	}
	for _, m := range c.seenBy(as, max(0, len(c.messages)-pageMessages)) {
		v.Messages = append(v.Messages, pg.viewMessageLocked(c, m))
	}
	return v
}

func (pg *page) viewMessageLocked(c *chat, m *Message) viewMessage {
	v := viewMessage{
		ID: m.ID, From: m.From.ID, Name: m.From.FirstName, Bot: m.From.IsBot, ViaBot: m.ViaBot,
		Date: m.Date.Unix(), Edited: m.Edits > 0,
		Text: m.Text, Entities: m.Entities, Keyboard: m.Keyboard, Preview: pg.viewPreviewLocked(m),
		Service: m.Service, Silent: m.Silent, Pinned: m.Pinned,
	}
	if m.SenderChat != 0 {
		v.From, v.Name = 0, c.title
		if sender := pg.sim.state.chats[m.SenderChat]; sender != nil {
			v.Name = sender.title
		}
	}
	if m.Ephemeral != 0 {
		v.ID, v.Only = -m.Ephemeral, true
	}
	if m.Photo != "" {
		v.Photo = pg.pictureLocked(m.Photo)
	}
	if d := m.Document; d != nil {
		v.Document = &viewDocument{d.Name, d.Size, "sim/file?id=" + url.QueryEscape(d.FileID)}
	}
	if m.Rich != nil {
		root := pg.richPicturesLocked(m.Rich.Root)
		v.Rich, v.RTL = &root, m.Rich.RTL
	}
	if to := c.message(m.ReplyTo); to != nil && !to.Deleted {
		v.Reply = &viewLast{From: cmp.Or(to.From.FirstName, c.title), Text: summary(to)}
	}
	if t := c.topic(m.Thread); t != nil {
		v.Topic = t.name
	}
	return v
}

// viewPreviewLocked returns the preview that Telegram would show: that of the address asked
// for, or else of the first in the text.
func (pg *page) viewPreviewLocked(m *Message) *viewPreview {
	p := m.Preview
	if p == nil {
		p = &LinkPreview{}
	}
	if p.Disabled || m.Photo != "" || m.Document != nil {
		return nil
	}
	address := cmp.Or(p.URL, firstAddress(m))
	u, err := url.Parse(address)
	if address == "" || err != nil || u.Scheme != "http" && u.Scheme != "https" {
		return nil
	}
	v := &viewPreview{URL: address, Site: u.Hostname(), Above: p.AboveText}
	_, v.Picture = pg.pictures[address]
	switch strings.ToLower(path.Ext(u.Path)) {
	case ".jpg", ".jpeg", ".png", ".gif", ".webp":
		v.Picture = true
	}
	if v.Picture || p.PreferLarge {
		v.Image = pg.pictureLocked(address)
	}
	return v
}

func firstAddress(m *Message) string {
	for _, e := range m.Entities {
		switch e.Type {
		case "url":
			return e.Part(m.Text)
		case "text_link":
			return e.URL
		}
	}
	return ""
}

// pictureLocked returns where the page finds a picture: on this server, if it was added or
// uploaded.
func (pg *page) pictureLocked(address string) string {
	if _, ours := pg.pictures[address]; ours {
		return "sim/picture?address=" + url.QueryEscape(address)
	}
	if pg.sim.state.files[address] != nil {
		return "sim/file?id=" + url.QueryEscape(address)
	}
	return address
}

func (pg *page) richPicturesLocked(n markup.RichNode) markup.RichNode {
	if n.Tag == "img" {
		n.Attr = map[string]string{"src": pg.pictureLocked(n.Attr["src"]), "alt": n.Attr["alt"]}
	}
	children := make([]markup.RichNode, len(n.Children))
	for i, child := range n.Children {
		children[i] = pg.richPicturesLocked(child)
	}
	n.Children = children
	return n
}
