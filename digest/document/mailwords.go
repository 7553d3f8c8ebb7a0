package document

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// phrases finds any of many phrases in a text in lower case. Each must begin where
// a word begins; what follows it is free, so that one entry stands for all
// endings of a word. It takes time with the length of the text, whatever the
// number of phrases.
type phrases map[rune][]string

func newPhrases(list string) phrases {
	p := phrases{}
	for phrase := range strings.SplitSeq(list, "|") {
		first, _ := utf8.DecodeRuneInString(phrase)
		p[first] = append(p[first], phrase)
	}
	return p
}

// in reports whether a text has one of the phrases.
func (p phrases) in(text string) bool {
	before := ' '
	for i, r := range text {
		if list := p[r]; list != nil && (!unicode.IsLetter(before) || !hasSpaces(before)) {
			for _, phrase := range list {
				if strings.HasPrefix(text[i:], phrase) {
					return true
				}
			}
		}
		before = r
	}
	return false
}

// hasSpaces reports whether a letter is of a script that puts spaces between words,
// and nothing in front of them. Hebrew and Arabic put articles there; Thai and East
// Asian scripts have no spaces.
func hasSpaces(r rune) bool {
	switch {
	case r < 0x590:
		return true
	case r < 0x780, r >= 0xe00 && r < 0xe80, r >= 0x3040 && r < 0xd7b0:
		return false
	}
	return true
}

// newWords makes a set of whole texts.
func newWords(list string) map[string]bool {
	set := map[string]bool{}
	for word := range strings.SplitSeq(list, "|") {
		set[word] = true
	}
	return set
}

// The words by which the furniture of mails is known, in lower case. Every mailing
// program has its own, in every language.
var (
	// browserPhrases and viewPhrases make "view this in your browser" together, in
	// whatever order.
	browserPhrases = newPhrases("browser|webbrowser|navigateur|navegador|explorador|webbläsare|nettleser|selaimessa|selaimella|przeglądarce|prohlížeči|prehliadači|böngésző|tarayıcı|браузер|πρόγραμμα περιήγησης|浏览器|瀏覽器|ブラウザ|브라우저|trình duyệt|peramban|เบราว์เซอร์|المتصفح|متصفح|مرورگر|דפדפן|בדפדפן")
	viewPhrases    = newPhrases("view|read|open|see |click|display|ansehen|anzeigen|angezeigt|öffnen|lesen|voir|afficher|affich|lire|ouvrir|consulter|visuali|ver |ver|leer|abr|mira|ler |vedi|vis|leggi|apri|guarda|bekijk|lees|open|visa|öppna|läs|vis |se |læs|åbn|les |åpne|avaa|katso|lue |näytä|zobacz|otwórz|wyświetl|czytaj|zobraz|otev|číst|otvor|" +
		"megtekint|megnyit|olvas|vezi|deschide|görüntüle|aç|oku|откр|посмотр|смотр|чита|просмотр|переглян|відкри|δείτε|προβολή|άνοιγμα|查看|打开|阅读|浏览|檢視|開啟|閱讀|観|見|読|表示|開|ご覧|보기|열기|읽기|보려면|xem|đọc|mở|lihat|buka|baca|ดู|เปิด|อ่าน|عرض|اعرض|افتح|شاهد|اقرأ|مشاهده|نمایش|ببینید|خواندن|הצג|צפ|פתח|לצפייה")
	brokenPhrases = newPhrases("not displaying|isn't displaying|not display|trouble viewing|trouble reading|trouble seeing|problems viewing|problems reading|can't see|can't read|cannot see|can't view|nicht richtig|nicht korrekt|ne s'affiche pas|ne s’affiche pas|no puedes ver|no se ve|no puede ver|无法正常|无法显示|无法查看|無法正常|無法顯示|表示されない|보이지 않")

	// onlineTexts name the page that a mail also is.
	onlineTexts = newWords("view online|read online|open online|see online|view it online|read it online|view this email online|view email online|view on the web|view on web|view on website|view on the website|view in app|read in app|open in app|listen in app|view as a web page|view as webpage|view as web page|web version|webversion|view web version|view the web version|online version|view online version|read the online version|html version|mirror page|link to mirror page|view as a webpage|view in web|web view|webview|" +
		"web-version|webversion ansehen|online-version|onlineversion|online ansehen|online lesen|version en ligne|version web|voir en ligne|voir la version en ligne|lire en ligne|afficher en ligne|versión web|versión online|versión en línea|ver en línea|ver online|leer en línea|leer online|versão web|versão online|ler online|versione web|versione online|leggi online|" +
		"webversie|online versie|online bekijken|online lezen|webbversion|läs online|nettversjon|les på nett|verkkoversio|wersja online|wersja internetowa|online verze|webová verze|online verzia|webes verzió|versiunea web|versiunea online|web sürümü|" +
		"веб-версия|веб версия|онлайн-версия|онлайн версия|читать онлайн|веб-версія|вебверсія|网页版|網頁版|查看网页版|在线版|在线阅读|在线查看|線上版|線上閱讀|线上阅读|web版|webで見る|webで読む|웹에서 보기|웹버전|웹으로 보기|xem bản web|xem trực tuyến|versi web|versi online|نسخه وب|نسخهٔ وب|مشاهده آنلاین|نسخة الويب|النسخة الإلكترونية|גרסת רשת|גרסה מקוונת")

	// leavePhrases say how to receive no more.
	leavePhrases = newPhrases("unsubscribe|opt out|opt-out|abmelden|abbestellen|austragen|désabonner|désabonnement|désinscri|vous désinscrire|darse de baja|darte de baja|date de baja|cancelar suscripción|cancelar la suscripción|cancelar tu suscripción|anular suscripción|anular la suscripción|cancelar inscrição|cancelar a inscrição|cancelar sua inscrição|cancelar assinatura|cancelar subscrição|anular subscrição|descadastr|desinscrev|" +
		"disiscriv|cancellati|cancella l'iscrizione|annulla l'iscrizione|uitschrijven|afmelden|avregistrera|avsluta prenumeration|avprenumerera|avsluta din prenumeration|afmeld|meld deg av|meld dig fra|framelding|avmeld|avslutt abonnement|peruuta tilau|poista tilau|wypisz|wypisać|zrezygnuj|anuluj subskrypcję|odhlásit|odhlásiť|zrušit odběr|leiratkoz|dezabon|abonelikten|aboneliği iptal|aboneliğini iptal|" +
		"отписаться|отписка|отпишитесь|отказаться от|відписатися|διαγραφή|διαγραφείτε|ξεγραφ|退订|退訂|取消订阅|取消訂閱|配信停止|配信解除|購読解除|登録解除|수신거부|수신 거부|구독취소|구독 취소|구독해지|구독 해지|hủy đăng ký|huỷ đăng ký|ngừng nhận|berhenti berlangganan|ยกเลิกการสมัคร|ยกเลิกการรับ|إلغاء الاشتراك|الغاء الاشتراك|لغو اشتراک|لغو عضویت|הסר|להסרה|הסרה|ביטול הרשמה|donar-se de baixa|donar-vos de baixa|отпиши")

	// settingsPhrases say how to receive it otherwise.
	settingsPhrases = newPhrases("update your preferences|update preferences|update my preferences|update subscription preferences|update your subscription|update your profile|update profile|manage preferences|manage your preferences|manage my preferences|manage subscription|manage your subscription|manage my subscription|manage email preferences|manage your email|change your preferences|edit your preferences|edit your profile|email preferences|e-mail preferences|email settings|subscription preferences|subscription settings|communication preferences|newsletter preferences|notification settings|" +
		"einstellungen ändern|einstellungen verwalten|abonnement verwalten|profil ändern|profil aktualisieren|gérer vos préférences|gérer mes préférences|gérer mes abonnements|modifier vos préférences|mettre à jour vos préférences|mettre à jour les préférences|actualizar tus preferencias|actualizar sus preferencias|actualizar preferencias|gestionar tus preferencias|gestionar preferencias|atualizar suas preferências|atualizar as preferências|atualizar preferências|gerenciar preferências|gerir preferências|" +
		"aggiorna le tue preferenze|aggiorna le preferenze|gestisci le preferenze|voorkeuren wijzigen|voorkeuren aanpassen|voorkeuren beheren|uppdatera dina|zmień preferencje|zmień ustawienia|изменить настройки|настройки подписки|更新偏好|更新订阅|更新訂閱|管理订阅|管理訂閱|偏好设置|設定を変更|구독 설정|tercihlerini güncelle|tercihlerinizi güncelle")

	// reasonPhrases say why a mail was sent, or to whom.
	reasonPhrases = newPhrases("you're receiving|you’re receiving|you are receiving|you're getting|you’re getting|you are getting|you are subscribed to|you're subscribed to|you received this|you receive this|you got this|you get this|you have received this|received this email|receiving this email|receiving this newsletter|this email was sent|this e-mail was sent|this message was sent|this newsletter was sent|this is a marketing email|no longer wish to receive|no longer want to receive|don't want to receive|do not want to receive|don't wish to receive|do not wish to receive|don’t want to receive|want to change how you receive|why did i get this|to your address book|ensure delivery|ensure email delivery|our mailing address|mailing address is|delivered to your inbox because|to stop receiving|" +
		"sie erhalten diese|sie erhalten dieses|sie bekommen diese|du erhältst diese|du bekommst diese|nicht mehr erhalten|nicht mehr empfangen|keine weiteren e-mails|vous recevez ce|vous avez reçu ce|cet email a été envoyé|cet e-mail a été envoyé|ce message a été envoyé|ne souhaitez plus recevoir|ne plus recevoir|recibes este|recibiste este|has recibido este|ha recibido este|este correo fue|este correo ha sido|este email fue|este e-mail foi|este email foi|no deseas recibir|no quieres recibir|no desea recibir|dejar de recibir|você está recebendo|você recebeu|recebeu este|não quiser mais receber|não deseja mais receber|deixar de receber|" +
		"hai ricevuto quest|ricevi quest|stai ricevendo quest|je ontvangt deze|u ontvangt deze|u ontvangt dit|niet meer ontvangen|du får detta|du får det här|du får denne|du får dette|du mottar denne|du modtager dette|du modtager denne|saat tämän|otrzymujesz t|otrzymałeś t|otrzymałaś t|dostáváte t|obdrželi jste t|ezt a levelet azért|primești acest|bu e-postayı|bu epostayı|вы получили эт|вы получаете эт|это письмо отправлено|ви отримали|ви отримуєте|λαμβάνετε αυτό|您收到|你收到这|您之所以收到|你之所以收到|不想再收到|不希望再收到|不想收到|このメールは|이 메일은|이메일은|본 메일은|bạn nhận được|anda menerima|وصلتك هذه|تلقيت هذ|این ایمیل|קיבלת את|הודעה זו נשלחה")

	// passedOnPhrases speak to who was sent the mail by a friend.
	passedOnPhrases = newPhrases("was this forwarded|was this email forwarded|was this e-mail forwarded|did someone forward|did a friend forward|been forwarded this|has this been forwarded|forwarded this email|forwarded this e-mail|forwarded this newsletter|forwarded this to you|forwarded to you|forwarded you this|someone forwarded|someone sent you this|someone shared this|a friend forwarded|sent this by a friend|not a subscriber?|not subscribed?|not subscribed yet|weitergeleitet|on vous a transféré|vous a transféré|te han reenviado|te reenviaron|te lo reenvi|te han enviado|te lo han reenviado|recebeu encaminhad|encaminhou|encaminharam|ti hanno inoltrato|te l'hanno inoltrata|doorgestuurd gekregen|is deze mail doorgestuurd|vidarebefordra|videresendt|edelleenlähet|ktoś przesłał|przesłał ci|вам переслали|переслали это|这封邮件是转发|转发给您|轉寄給您|転送され|전달받")

	// poweredPhrases name the program that sent the mail.
	poweredPhrases = newPhrases("powered by|sent by mailchimp|sent with mailchimp|sent with |email marketing powered|publish on substack|published with|published by substack|start writing|get the app|start your own newsletter|mailchimp email marketing|view our privacy policy")

	rightsPhrases = newPhrases("copyright|©|all rights reserved|alle rechte vorbehalten|tous droits réservés|todos los derechos reservados|todos os direitos reservados|tutti i diritti riservati|alle rechten voorbehouden|все права защищены|版权所有|保留所有权利|版權所有|無断転載|registered trademark|trademarks of|marcas registradas|marques déposées|eingetragene marke")

	// appearedPhrases end the entries of feeds that WordPress makes.
	appearedPhrases = newPhrases("appeared first on|first appeared on|erschien zuerst auf|est apparu en premier sur|se publicó primero en|apareceu primeiro em|aparece primero en|proviene da|впервые появилась|verscheen eerst op|最先出现在|最初に表示されました|first published on")

	// weakTexts stand in the same lines, but elsewhere too.
	weakTexts = newWords("privacy|privacy policy|privacy notice|privacy statement|terms|terms of use|terms of service|terms and conditions|terms & conditions|legal|legal notice|contact|contact us|about|about us|subscribe|subscribe here|subscribe now|sign up|sign up here|forward|forward to a friend|forward this email|share|share this|share this post|share this issue|tweet|tweet this|like|comment|restack|advertise|advertise with us|sponsor|refer a friend|donate|help|faq|archive|archives|past issues|rss|website|email us|reply|follow us|follow us on|imprint|or|and|here|home|" +
		"datenschutz|datenschutzerklärung|impressum|kontakt|teilen|abonnieren|weiterleiten|mentions légales|confidentialité|politique de confidentialité|nous contacter|s'abonner|partager|transférer|política de privacidad|política de privacidade|privacidad|aviso legal|contacto|suscríbete|suscribirse|compartir|reenviar|contato|assine|compartilhar|informativa sulla privacy|contatti|iscriviti|condividi|abonneren|delen|oder|und|ou|et|o|y|e|of|" +
		"политика конфиденциальности|контакты|подписаться|поделиться|隐私政策|隱私權政策|联系我们|订阅|分享|转发|プライバシーポリシー|お問い合わせ|購読|シェア")

	// networkTexts are sites where publishers have a page of their own.
	networkTexts = newWords("facebook|fb|twitter|x|x (twitter)|twitter / x|instagram|ig|linkedin|youtube|tiktok|pinterest|mastodon|bluesky|bsky|threads|github|discord|telegram|whatsapp|slack|reddit|vimeo|spotify|medium|flickr|tumblr|vk|vkontakte|вконтакте|weibo|wechat|微博|微信|line|snapchat|soundcloud|twitch|rss|email|e-mail|mail|website|web|blog|homepage|home page|apple podcasts|google+|google plus")

	// callTexts are what buttons say.
	callTexts = newWords("read more|read on|read the rest|read now|read it|read this|read full story|read the full story|read full article|read the full article|read the article|read the story|read the post|read article|read the full post|read the blog|learn more|find out more|see more|view more|show more|more|more info|more information|more details|see details|view details|see all|view all|continue reading|keep reading|full story|register|register now|register here|register today|sign up|sign up now|sign up here|sign up today|join|join now|join us|join here|join the live-stream|watch|watch now|watch the video|watch video|watch the recording|listen|listen now|download|download now|get started|get tickets|buy tickets|book now|buy now|shop now|order now|subscribe|subscribe now|rsvp|rsvp now|rsvp here|apply|apply now|apply here|donate|donate now|click here|get it now|try it|try it now|try now|visit website|visit site|go to website|explore|discover more|check it out|link|share|share this|tweet|view in browser|learn more here|read more here|" +
		"mehr|mehr lesen|weiterlesen|mehr erfahren|mehr dazu|zum artikel|jetzt lesen|jetzt anmelden|anmelden|jetzt registrieren|mehr infos|ansehen|lire la suite|lire plus|en savoir plus|lire l'article|lire l’article|je m'inscris|s'inscrire|inscrivez-vous|voir plus|découvrir|leer más|seguir leyendo|más información|ver más|saber más|regístrate|inscríbete|leia mais|ler mais|saiba mais|ver mais|continue lendo|inscreva-se|continua a leggere|leggi di più|leggi tutto|scopri di più|leggi l'articolo|iscriviti|lees meer|lees verder|meer informatie|meer lezen|aanmelden|läs mer|læs mere|les mer|lue lisää|czytaj dalej|czytaj więcej|więcej|dowiedz się więcej|číst dál|číst více|čítať ďalej|tovább|bővebben|citește mai mult|devamını oku|daha fazla|" +
		"читать далее|читать дальше|читать|подробнее|узнать больше|зарегистрироваться|смотреть|слушать|детальніше|читати далі|διαβάστε περισσότερα|περισσότερα|阅读更多|阅读全文|阅读原文|查看更多|查看详情|了解更多|更多|点击查看|立即报名|报名|閱讀更多|閱讀全文|了解更多|続きを読む|もっと見る|詳細はこちら|詳しく見る|詳細を見る|더 보기|더보기|자세히 보기|자세히 알아보기|더 읽기|xem thêm|đọc thêm|đọc tiếp|selengkapnya|baca selengkapnya|อ่านต่อ|อ่านเพิ่มเติม|قراءة المزيد|اقرأ المزيد|المزيد|ادامه مطلب|بیشتر بخوانید|مطالعه بیشتر|קרא עוד|קראו עוד|לקריאה נוספת")
)

// mailAddress matches the address of a link to unsubscribe, to change settings or to
// see a mail as a page.
var mailAddress = regexp.MustCompile(`(?i)(?:[/?&=.*|{%$\[\s_-]|^)(?:unsub(?:scribe)?|optout|opt-out|update_?profile|(?:manage|email|update|subscription)[-_]?(?:preferences|subscription|profile)|view[-_]?(?:in[-_]?browser|online)|web_?version|mirror_?page)(?:[/?&=.*|}%$\]_:-]|url|link|$)|list-manage\.com/(?:unsubscribe|profile)|^\*\|ARCHIVE\|\*`)
