"use strict";
// The page's own words. They are English in the source and stand here in Chinese, for
// browsers whose language that is.

const chinese = /^zh\b/i.test(navigator.language);

const inChinese = {
  "Chats": "聊天",
  "Telegram simulator": "Telegram 模拟器",
  "Select a chat to start messaging": "选择一个聊天，开始对话",
  "Back to the chats": "返回聊天列表",
  "To the newest message": "跳到最新消息",
  "Commands": "命令",
  "Menu": "菜单",
  "as": "身份",
  "in": "话题",
  "Write as": "以谁的身份发言",
  "Topic": "话题",
  "Message": "消息",
  "Send": "发送",
  "Send a file": "发送文件",
  "OK": "好",
  "START": "开始",
  "UNBLOCK": "解除屏蔽",
  "Block": "屏蔽",
  "Unblock": "解除屏蔽",
  "Today": "今天",
  "General": "综合",
  "channel": "频道",
  "bot": "机器人",
  "edited": "已编辑",
  "sent without sound": "静音发送",
  "No messages yet": "还没有消息",
  "No messages yet.": "还没有消息。",
  "What can this bot do?": "这个机器人能做什么？",
  "Press START and the bot will answer.": "点“开始”，机器人就会回应。",
  "👁 Only you see this": "👁 仅你可见",
  "🖼 Photo": "🖼 图片",
  "file": "文件",
  "Copied to clipboard": "已复制",
  "This button does not work in the simulator": "模拟器里按不了这个按钮",
  "The simulator is gone": "模拟器已停止",
  "the bot did not answer": "机器人没有回应",
};

const inChinesePatterns = [
  [/^(.+) added (.+)$/, "$1 添加了 $2"],
  [/^Topic “(.+)” created$/, "话题“$1”已创建"],
  [/^The title is now (.+)$/, "群名改为 $1"],
  [/^(.+) pinned a message$/, "$1 置顶了一条消息"],
  [/^The group became a supergroup$/, "群组已升级为超级群组"],
  [/^chatting with (.+)$/, "正在和 $1 聊天"],
  [/^(\d+) members?$/, "$1 位成员"],
  [/^(\d+) more readers?$/, "另有 $1 位读者"],
];

// say returns a text of the page in the language of the browser.
function say(text) {
  if (!chinese) return text;
  if (inChinese[text]) return inChinese[text];
  for (const [pattern, words] of inChinesePatterns) if (pattern.test(text)) return text.replace(pattern, words);
  return text;
}

// inOurs returns the words that fit, of a text that has come in several languages.
const inOurs = (words) => (chinese && words.zh) || words.en || "";

if (chinese) {
  document.documentElement.lang = "zh-CN";
  document.title = say(document.title);
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) texts.currentNode.data = say(texts.currentNode.data);
  for (const name of ["aria-label", "placeholder", "title"]) {
    for (const node of document.querySelectorAll("[" + name + "]")) node.setAttribute(name, say(node.getAttribute(name)));
  }
}
