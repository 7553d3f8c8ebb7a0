package dates

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// monthWords are the names of the months and their abbreviations in some forty
// languages, as they stand in dates; "%" is a space. The names are those of the Unicode CLDR;
// words that are common for other reasons, such as "pro" (prosinec), are left out.
var monthWords = [12]string{
	`january jan januar jänner janvier janv enero ene janeiro gennaio gen januari gener xaneiro xan ianuarie ian styczeń stycznia sty
	leden ledna január januára siječanj siječnja sij јануар јан јануари януари январь января янв січень січня січ студзень студзеня
	sausis sausio janvāris jaanuar jaan tammikuu tammikuuta janúar ιανουάριος ιανουαρίου ιαν ocak oca yanvar yan januaro januarie
	ינואר ינו يناير كانون%الثاني جانفي ژانویه جنوری जनवरी जन জানুয়ারি มกราคม`,
	`february feb februar feber février fév févr febrero fevereiro fev febbraio februari febrer febr febreiro februarie luty lutego lut
	únor února február februára veljača veljače velj фебруар феб фебруари февруари февраль февраля февр фев лютий лютого лют люты лютага
	vasaris vasario februāris veebruar veebr helmikuu helmikuuta febrúar φεβρουάριος φεβρουαρίου φεβ şubat şub fevral februaro
	פברואר פבר فبراير شباط فيفري فوریه فروری फ़रवरी फरवरी फ़र ফেব্রুয়ারি กุมภาพันธ์`,
	`march mar mars märz mär marzo março maart mrt març martie marzec marca březen března bře marec ožujak ožujka ožu март мар марта
	березень березня бер сакавік сакавіка kovas kovo marts märts maaliskuu maaliskuuta mart március márc μάρτιος μαρτίου μαρ maret marto
	מרץ مارس آذار مارچ मार्च মার্চ มีนาคม`,
	`april apr avril avr abril abr aprile aprilie kwiecień kwietnia kwi duben dubna dub apríl apríla travanj travnja tra април апр апрель
	апреля квітень квітня квіт красавік красавіка balandis balandžio aprīlis aprill huhtikuu huhtikuuta április ápr απρίλιος απριλίου απρ
	nisan nis aprel aprilo אפריל אפר أبريل نيسان أفريل آوریل اپریل अप्रैल এপ্রিল เมษายน`,
	`may mai mayo maio maggio mag mei maig maj maja květen května kvě máj mája svibanj svibnja svi мај май мая травень травня трав
	gegužė gegužės maijs toukokuu toukokuuta maí május μάιος μαΐου μαΐ mayıs majo מאי مايو أيار ماي مه مئی मई মে พฤษภาคม`,
	`june jun juni juin junio junho giugno giu juny xuño iunie iun czerwiec czerwca cze červen června čvn jún júna lipanj lipnja junij јун
	јуни юни июнь июня июн червень червня черв чэрвень чэрвеня birželis birželio jūnijs jūn juuni kesäkuu kesäkuuta júní június ιούνιος
	ιουνίου ιουν haziran haz iyun יוני יונ يونيو حزيران جوان ژوئن جون जून জুন มิถุนายน`,
	`july jul juli juillet juil julio julho luglio lug juliol xullo xul iulie iul lipiec lipca červenec července čvc júl júla srpanj srpnja
	julij јул јули юли июль июля июл липень липня лип ліпень ліпеня liepa liepos jūlijs jūl juuli heinäkuu heinäkuuta júlí július ιούλιος
	ιουλίου ιουλ temmuz tem iyul julai יולי יול يوليو تموز يوليوز جويلية ژوئیه جولائی जुलाई जुल জুলাই กรกฎาคม`,
	`august aug août agosto ago augustus agost sierpień sierpnia sie srpen srpna augusta kolovoz kolovoza kol avgust avg август авг
	августа серпень серпня серп жнівень жніўня rugpjūtis rugpjūčio augusts elokuu elokuuta augusti ágúst augusztus αύγουστος αυγούστου αυγ
	ağustos ağu avqust agustus aŭgusto ogos אוגוסט אוג أغسطس آب غشت أوت اوت اگست अगस्त আগস্ট สิงหาคม`,
	`september sep sept septembre septiembre setiembre setembro set settembre setembre septembrie wrzesień września wrz září zář septembra septembar
	rujan rujna ruj септембар сеп септември сентябрь сентября сент вересень вересня вер верасень верасня rugsėjis rugsėjo septembris syyskuu
	syyskuuta szeptember szept σεπτέμβριος σεπτεμβρίου σεπ eylül eyl sentyabr sentabr septembro ספטמבר ספט سبتمبر أيلول شتنبر سپتامبر
	ستمبر सितंबर सितम्बर सित সেপ্টেম্বর กันยายน`,
	`october oct oktober okt octobre octubre outubro out ottobre ott oktobar octombrie październik października paź říjen října říj október
	októbra октобар окт октомври октябрь октября жовтень жовтня жовт кастрычнік кастрычніка spalis spalio oktobris oktoober lokakuu
	lokakuuta οκτώβριος οκτωβρίου οκτ ekim eki oktyabr oktabr oktobro אוקטובר אוק أكتوبر تشرين%الأول اکتبر اکتوبر अक्टूबर अक्तूबर অক্টোবর
	ตุลาคม`,
	`november nov novembre noviembre novembro noiembrie listopad listopada listopadu studeni studenoga studenog stu novembra novembar новембар новембра
	нов ноември ное ноябрь ноября нояб ноя листопад листопада лист лістапад лістапада lapkritis lapkričio novembris marraskuu marraskuuta
	nóvember νοέμβριος νοεμβρίου νοε kasım kas noyabr נובמבר נוב نوفمبر تشرين%الثاني نونبر نوامبر نومبر नवंबर नवम्बर नव নভেম্বর พฤศจิกายน`,
	`december dec dezember dez décembre déc diciembre dic dezembro dicembre desembre des decembrie grudzień grudnia gru prosinec prosince
	prosinac prosinca decembra decembar децембар децембра дец декември декабрь декабря дек грудень грудня груд снежань снежня gruodis gruodžio decembris
	detsember dets joulukuu joulukuuta desember δεκέμβριος δεκεμβρίου δεκ aralık ara dekabr dek decembro disember דצמבר דצמ ديسمبر
	كانون%الأول دجنبر دسامبر دسمبر दिसंबर दिसम्बर दिस ডিসেম্বর ธันวาคม`,
}

// persianMonthWords are the months of the Persian calendar, in Iran and Afghanistan.
var persianMonthWords = [12]string{"فروردین حمل", "اردیبهشت ثور", "خرداد جوزا", "تیر سرطان", "مرداد امرداد اسد", "شهریور سنبله",
	"مهر میزان", "آبان عقرب", "آذر قوس", "دی جدی", "بهمن دلو", "اسفند حوت"}

// monthPairs are the words that begin a name of two words.
var monthPairs = []string{"كانون", "تشرين"}

// month is a month of one calendar or, because words are in two, of both.
type month struct{ gregorian, persian int }

var months = func() map[string]month {
	table := make(map[string]month, 800)
	for i := range 12 {
		for word := range strings.FieldsSeq(monthWords[i]) {
			word = strings.ReplaceAll(word, "%", " ")
			m := table[foldWord(word)]
			m.gregorian = i + 1
			table[foldWord(word)] = m
		}
		for word := range strings.FieldsSeq(persianMonthWords[i]) {
			m := table[foldWord(word)]
			m.persian = i + 1
			table[foldWord(word)] = m
		}
	}
	return table
}()

// maxMonthWord is longer than all names of months, in bytes.
const maxMonthWord = 64

// monthOf returns the month that a word names. In Hebrew "in" may stand before the
// name, as a letter of the word.
func monthOf(word string) (month, bool) {
	if len(word) > maxMonthWord {
		return month{}, false
	}
	m, ok := months[foldWord(word)]
	if rest, cut := strings.CutPrefix(word, "ב"); !ok && cut {
		m, ok = months[foldWord(rest)]
	}
	return m, ok
}

// foldWord removes from a word what is often left out when it is typed: capitals,
// accents, the dots and signs of Arabic letters that have a plain form.
func foldWord(word string) string {
	if isLowerASCII(word) {
		return word
	}
	return norm.NFC.String(strings.Map(func(r rune) rune {
		switch {
		case r >= 0x300 && r <= 0x36f, r >= 0x653 && r <= 0x655, r == 0x93c, unicode.Is(unicode.Cf, r):
			return -1
		case r == 'ı':
			return 'i'
		case r == 'ي', r == 'ى':
			return 'ی'
		case r == 'ك':
			return 'ک'
		}
		return unicode.ToLower(r)
	}, norm.NFD.String(word)))
}

func isLowerASCII(word string) bool {
	for i := range len(word) {
		if word[i] < 'a' || word[i] > 'z' {
			return false
		}
	}
	return true
}
