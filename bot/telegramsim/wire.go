package telegramsim

import (
	"encoding/json"

	"digestbot/bot/telegramsim/markup"
)

// User is an account, as the Bot API shows it.
type User struct {
	ID                      int64  `json:"id"`
	IsBot                   bool   `json:"is_bot"`
	FirstName               string `json:"first_name"`
	Username                string `json:"username,omitempty"`
	LanguageCode            string `json:"language_code,omitempty"`
	CanJoinGroups           bool   `json:"can_join_groups,omitempty"`
	CanReadAllGroupMessages bool   `json:"can_read_all_group_messages,omitempty"`
	SupportsInlineQueries   bool   `json:"supports_inline_queries,omitempty"`
}

// Button is one button of an inline keyboard.
type Button struct {
	Text                         string          `json:"text"`
	URL                          string          `json:"url,omitempty"`
	CallbackData                 string          `json:"callback_data,omitempty"`
	SwitchInlineQuery            *string         `json:"switch_inline_query,omitempty"`
	SwitchInlineQueryCurrentChat *string         `json:"switch_inline_query_current_chat,omitempty"`
	SwitchInlineQueryChosenChat  json.RawMessage `json:"switch_inline_query_chosen_chat,omitempty"`
	CopyText                     *CopyText       `json:"copy_text,omitempty"`
	WebApp                       json.RawMessage `json:"web_app,omitempty"`
	LoginURL                     json.RawMessage `json:"login_url,omitempty"`
	CallbackGame                 json.RawMessage `json:"callback_game,omitempty"`
	Pay                          bool            `json:"pay,omitempty"`
	Style                        string          `json:"style,omitempty"`
	IconCustomEmojiID            string          `json:"icon_custom_emoji_id,omitempty"`
}

// CopyText is the text a button copies.
type CopyText struct {
	Text string `json:"text"`
}

// LinkPreview says how the preview of a link is shown.
type LinkPreview struct {
	Disabled    bool   `json:"is_disabled,omitempty"`
	URL         string `json:"url,omitempty"`
	PreferSmall bool   `json:"prefer_small_media,omitempty"`
	PreferLarge bool   `json:"prefer_large_media,omitempty"`
	AboveText   bool   `json:"show_above_text,omitempty"`
}

// Command is one entry of the bot's command menu.
type Command struct {
	Command     string `json:"command"`
	Description string `json:"description"`
	IsEphemeral bool   `json:"is_ephemeral,omitempty"`
}

type wireChat struct {
	ID        int64  `json:"id"`
	Type      string `json:"type"`
	Title     string `json:"title,omitempty"`
	Username  string `json:"username,omitempty"`
	FirstName string `json:"first_name,omitempty"`
	IsForum   bool   `json:"is_forum,omitempty"`
}

type wireMessage struct {
	ID                  int           `json:"message_id"`
	Thread              int           `json:"message_thread_id,omitempty"`
	IsTopicMessage      bool          `json:"is_topic_message,omitempty"`
	From                *User         `json:"from,omitempty"`
	SenderChat          *wireChat     `json:"sender_chat,omitempty"`
	Receiver            *User         `json:"receiver_user,omitempty"`
	EphemeralID         int           `json:"ephemeral_message_id,omitempty"`
	ForwardOrigin       *wireOrigin   `json:"forward_origin,omitempty"`
	Chat                wireChat      `json:"chat"`
	Date                int64         `json:"date"`
	EditDate            int64         `json:"edit_date,omitempty"`
	ReplyTo             *wireMessage  `json:"reply_to_message,omitempty"`
	ViaBot              *User         `json:"via_bot,omitempty"`
	Text                string        `json:"text,omitempty"`
	Entities            any           `json:"entities,omitempty"`
	LinkPreview         *LinkPreview  `json:"link_preview_options,omitempty"`
	Caption             string        `json:"caption,omitempty"`
	CaptionEntities     any           `json:"caption_entities,omitempty"`
	Photo               []wirePhoto   `json:"photo,omitempty"`
	Document            *wireDocument `json:"document,omitempty"`
	ReplyMarkup         *inlineMarkup `json:"reply_markup,omitempty"`
	HasProtectedContent bool          `json:"has_protected_content,omitempty"`
	NewChatMembers      []User        `json:"new_chat_members,omitempty"`
	MigrateToChatID     int64         `json:"migrate_to_chat_id,omitempty"`
	MigrateFromChatID   int64         `json:"migrate_from_chat_id,omitempty"`
	ForumTopicCreated   *wireTopic    `json:"forum_topic_created,omitempty"`
	PinnedMessage       *wireMessage  `json:"pinned_message,omitempty"`
	NewChatTitle        string        `json:"new_chat_title,omitempty"`
	Sticker             *wireSticker  `json:"sticker,omitempty"`
	Contact             *wireContact  `json:"contact,omitempty"`
	Voice               *wireVoice    `json:"voice,omitempty"`
	Poll                *wirePoll     `json:"poll,omitempty"`
	Quote               *wireQuote    `json:"quote,omitempty"`
	MediaGroupID        string        `json:"media_group_id,omitempty"`
	RichMessage         *wireRich     `json:"rich_message,omitempty"`
	IsAutomaticForward  bool          `json:"is_automatic_forward,omitempty"`
}

// wireEntity is an entity with the account of a text_mention.
type wireEntity struct {
	markup.Entity
	User *User `json:"user,omitempty"`
}

// wireOrigin says whose message was forwarded, or which post of a channel.
type wireOrigin struct {
	Type      string    `json:"type"`
	Date      int64     `json:"date"`
	Sender    *User     `json:"sender_user,omitempty"`
	Chat      *wireChat `json:"chat,omitempty"`
	MessageID int       `json:"message_id,omitempty"`
}

type wireRich struct {
	Blocks json.RawMessage `json:"blocks"`
	IsRTL  bool            `json:"is_rtl,omitempty"`
}

type wirePhoto struct {
	FileID       string `json:"file_id"`
	FileUniqueID string `json:"file_unique_id"`
	Width        int    `json:"width"`
	Height       int    `json:"height"`
}

type wireDocument struct {
	FileID       string `json:"file_id"`
	FileUniqueID string `json:"file_unique_id"`
	FileName     string `json:"file_name,omitempty"`
	MimeType     string `json:"mime_type,omitempty"`
	FileSize     int64  `json:"file_size,omitempty"`
}

type wireTopic struct {
	Thread    int    `json:"message_thread_id,omitempty"`
	Name      string `json:"name"`
	IconColor int    `json:"icon_color"`
}

type inlineMarkup struct {
	Rows [][]Button `json:"inline_keyboard"`
}

// inaccessibleMessage stands in a callback query for a message that is gone.
type inaccessibleMessage struct {
	Chat wireChat `json:"chat"`
	ID   int      `json:"message_id"`
	Date int      `json:"date"` // always 0
}

type wireCallback struct {
	ID           string `json:"id"`
	From         User   `json:"from"`
	Message      any    `json:"message,omitempty"`
	InlineID     string `json:"inline_message_id,omitempty"`
	ChatInstance string `json:"chat_instance"`
	Data         string `json:"data,omitempty"`
}

type wireInline struct {
	ID       string `json:"id"`
	From     User   `json:"from"`
	Query    string `json:"query"`
	Offset   string `json:"offset"`
	ChatType string `json:"chat_type,omitempty"`
}

type wireChosen struct {
	ResultID string `json:"result_id"`
	From     User   `json:"from"`
	InlineID string `json:"inline_message_id,omitempty"`
	Query    string `json:"query"`
}

type wireMember struct {
	Status string `json:"status"`
	User   User   `json:"user"`
	rights
}

// rights of an administrator; only an administrator's are sent.
type rights struct {
	CanBeEdited         *bool `json:"can_be_edited,omitempty"`
	IsAnonymous         *bool `json:"is_anonymous,omitempty"`
	CanManageChat       *bool `json:"can_manage_chat,omitempty"`
	CanDeleteMessages   *bool `json:"can_delete_messages,omitempty"`
	CanManageVideoChats *bool `json:"can_manage_video_chats,omitempty"`
	CanRestrictMembers  *bool `json:"can_restrict_members,omitempty"`
	CanPromoteMembers   *bool `json:"can_promote_members,omitempty"`
	CanChangeInfo       *bool `json:"can_change_info,omitempty"`
	CanInviteUsers      *bool `json:"can_invite_users,omitempty"`
	CanPostStories      *bool `json:"can_post_stories,omitempty"`
	CanEditStories      *bool `json:"can_edit_stories,omitempty"`
	CanDeleteStories    *bool `json:"can_delete_stories,omitempty"`
	CanPostMessages     *bool `json:"can_post_messages,omitempty"`
	CanEditMessages     *bool `json:"can_edit_messages,omitempty"`
	CanPinMessages      *bool `json:"can_pin_messages,omitempty"`
	CanManageTopics     *bool `json:"can_manage_topics,omitempty"`
	UntilDate           *int  `json:"until_date,omitempty"`
	IsMember            *bool `json:"is_member,omitempty"`
	CanSendMessages     *bool `json:"can_send_messages,omitempty"`
}

type wireMemberUpdate struct {
	Chat wireChat   `json:"chat"`
	From User       `json:"from"`
	Date int64      `json:"date"`
	Old  wireMember `json:"old_chat_member"`
	New  wireMember `json:"new_chat_member"`
}
