package numbers

// Words that stand beside the number of an issue, in the languages of the world.
// They are parts of regular expressions, for texts with plain digits and without
// characters that are not seen.
const (
	// numberWord matches words in front of a number that is the issue's.
	numberWord = `(?:issue|episode|eps?|folge|heft|nummer|nummeret|num[eé]ro|número|numărul|numer|número|númer|číslo|čislo|díl|odcinek|sayı|bölüm|avsnitt|afsnit|jakso|` +
		`puntata|episodio|episódio|épisode|aflevering|entrega|nomor|tölublað|` +
		`выпуск|випуск|номер|эпизод|епізод|серия|брой|број|τεύχος|επεισόδιο|số|अंक|সংখ্যা|ฉบับที่|ฉบับ|` +
		`ה?גי?ליון|מספר|(?:ال)?عدد|(?:ال)?حلقة|شمار(?:ه|هٔ|هی|ۀ|ہ)|قسمت)`

	// editionWord matches words that stand in front of the number of an issue, or of
	// a year.
	editionWord = `(?:edition|édition|edición|edició|edição|edicao|edicion|edizione|ediția|editie|edisi|ausgabe|uitgave|utgåva|utgave|udgave|julkaisu|vydání|vydanie|wydanie|izdanje|издание|` +
		`newsletter|boletín|boletim|bulletin|bollettino|buletin|nieuwsbrief|nyhetsbrev|nyhedsbrev|rundbrief|infolettre|hírlevél|biuletyn|zpravodaj)`

	// countedWord matches words behind the number of an issue, as in "12th edition"
	// and "12. szám".
	countedWord = `(?:issue|edition|episode|выпуск|випуск|эпизод|епізод|номер|edición|edició|edição|édition|edizione|ediția|numéro|número|numero|ausgabe|folge|nummer|numret|` +
		`editie|uitgave|utgåva|utgave|udgave|szám|számú|sayı|číslo|vydání|numer|wydanie|odcinek|broj|брой|број|tölublað|puntata|τεύχος)`

	// numberSign matches abbreviations of "number", which end with a full stop or a
	// raised letter.
	numberSign = `(?:no|nos|nr|nro|n|núm|num|nº|č|čís|br|бр|αρ|ep|eps|ed|sz)`

	// weekWord matches words for a week. A number right behind one is that of the week.
	weekWord = `(?:week|wk|kw|kalenderwoche|woche|semaine|semana|setmana|settimana|săptămâna|неделя|тиждень|týden|tydzień|tjedan|vecka|uge|uke|viikko|hafta|tuần|minggu)`

	// volumeWord matches words for a volume, which counts if nothing in it is counted.
	volumeWord = `(?:vol|volume|том|cilt|band|tomo|jahrgang)`

	// seriesWord matches words that name a series. A bare number after one is the
	// number of an issue.
	seriesWord = `(?:weeks|` + weekWord + `|` + volumeWord + `|` + numberWord + `|` + editionWord + `|weekly|digest|roundup|podcast|radio|news|letters?|report|update|notes|show|cast|magazine|mag|journal|zine|fanzine|review|recap|` +
		`links|picks|wrap-?up|gazette|dispatch|monthly|biweekly|fortnightly|daily|` +
		`semanal|resumen|gaceta|revista|hebdo|hebdomadaire|lettre|revue|settimanale|rivista|wochenrückblick|wochenschau|weekblad|veckobrev|ukebrev|uutiskirje|tygodnik|týdeník|tjednik|` +
		`bülten|bülteni|dergi|dergisi|mingguan|warta|majalah|bản tin|tạp chí|` +
		`дайджест|новости|новини|подкаст|радио|рассылка|розсилка|вестник|вісник|еженедельник|тижневик|ενημερωτικό|` +
		`साप्ताहिक|पत्रिका|न्यूज़लेटर|ניוזלטר|עלון|שבועון|(?:ال)?نشرة|(?:ال)?مجلة|خبرنامه|هفتهنامه[ٔی]?|ماهنامه|نشریه|مجله)`

	// wideSeriesWord matches the same in languages that put no space between words.
	wideSeriesWord = `(?:周刊|周报|週刊|週報|双周刊|半月刊|月刊|月报|月報|日报|日報|日刊|早报|早報|晨报|晚报|简报|簡報|快报|快報|快讯|速递|资讯|通讯|通訊|简讯|电子报|電子報|周记|週記|新闻|` +
		`通信|便り|だより|ニュース|ニュースレター|レター|マガジン|メルマガ|편지|레터|주간|소식|소식지|위클리|매거진|뉴스|통신|다이제스트|号|호)`
)
