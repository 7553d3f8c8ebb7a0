package dates_test

import (
	"testing"
	"time"

	"digestbot/digest/dates"
)

func dateText(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format(time.DateOnly)
}

// TestIn reads one day in the languages of the world, as their publishers write
// it, with the names of weekdays and the words around them.
func TestIn(t *testing.T) {
	for _, text := range []string{
		"2026-11-20", "2026/11/20", "2026.11.20", "2026_11_20", "20261120", "20261120093000", "2026-11-20T02:02:03Z", "[2026-11-20 Fri]",
		"November 20, 2026", "Nov. 20th, 2026", "Nov 20,2026", "Friday, 20 November 2026", "the 20th of November, 2026", "20-Nov-2026", "2026-nov-20",
		"Fri Nov 20 09:30:00 UTC 2026", "Fri Nov 20 09:30:00 2026", "Fri Nov 20 2026 09:30:00 GMT+0100",
		"Freitag, 20. November 2026", "20.11.2026", "20. 11. 2026", "vendredi 20 novembre 2026", "viernes, 20 de noviembre de 2026",
		"sexta-feira, 20 de novembro de 2026", "20 de nov. de 2026", "venerdì 20 novembre 2026", "20 de novembre del 2026", "vineri, 20 noiembrie 2026",
		"vrijdag 20 november 2026", "piątek, 20 listopada 2026", "pátek 20. listopadu 2026", "piatok 20. novembra 2026", "petak, 20. studenoga 2026.",
		"20. novembar 2026.", "петак, 20. новембар 2026.", "20 ноември 2026 г.", "пятница, 20 ноября 2026 г.", "20 нояб. 2026", "пʼятниця, 20 листопада 2026 р.",
		"20 лістапада 2026 г.", "2026 m. lapkričio 20 d.", "2026. gada 20. novembris", "perjantai 20. marraskuuta 2026", "fredag den 20. november 2026",
		"20. nóvember 2026", "2026. november 20., péntek", "Παρασκευή 20 Νοεμβρίου 2026", "20 Kasım 2026 Cuma", "20 KASIM 2026", "20 noyabr 2026", "20-noyabr, 2026",
		"Jumat, 20 November 2026", "ngày 20 tháng 11 năm 2026", "20 thg 11, 2026", "20 בנובמבר 2026", "الجمعة، 20 نوفمبر 2026", "٢٠ تشرين الثاني ٢٠٢٦",
		"۲۹ آبان ۱۴۰۵", "جمعه ۲۹ آبان ۱۴۰۵", "۲۰ نوامبر ۲۰۲۶", "20 نومبر، 2026", "20 नवंबर 2026", "२० नवम्बर २०२६", "২০ নভেম্বর, ২০২৬", "20 พฤศจิกายน 2569",
		"2026年11月20日（金）", "二〇二六年十一月二十日", "2026年11月20周五", "令和8年11月20日", "民國115年11月20日", "2026년 11월 20일", "20/11/2026", "20-11-2026", "11/20/2026", "11-20-2026",
		"\u200f20\u200f/11\u200f/2026",
		"Nov 16–20, 2026", "November 16 to 20, 2026", "16–20 November 2026", "June 30 – November 20, 2026", "2026-11-14 ~ 2026-11-20", "2026.11.14～11.20", "주간 소식 26.11.20", "週報（26/11/20）", "소식 26.11.14 ~ 26.11.20",
		"2026年11月14日-20日", "News_Nov14-20_2026_v2", "vom 14. bis 20. November 2026",
		"November 20, '26", "20 November ’26", "Nov 16–20, '26", "11/20/26", "20/11/26", "Boats 11-20-26",
		"Issue 3, 20 November 2026", "1 of 20 boats. November 20, 2026", "31 April 2026, that is: 20 November 2026",
	} {
		if got, want := dateText(dates.In(text)), "2026-11-20"; got != want {
			t.Errorf("In(%q) = %q, want %q", text, got, want)
		}
	}
	for text, want := range map[string]string{
		"5 listopada 2026": "2026-11-05", "5. listopada 2026.": "2026-10-05", "5. listopadu 2026": "2026-11-05",
		"۳۰ اسفند ۱۴۰۳": "2025-03-20", "۱ فروردین ۱۴۰۵": "2026-03-21", "31 شهریور 1405": "2026-09-22",
		"2026.11.14 - 20 boats": "2026-11-14", "2026-11-14 – 20 boats": "2026-11-14", "2026/11/14~20": "2026-11-20",
		"05/05/2026": "2026-05-05", "5.6.2026": "2026-06-05",
		"4/25/24": "2024-04-25", "25/04/24": "2024-04-25", "04-25-24": "2024-04-25", "Apr 25, '99": "1999-04-25", "05/05/24": "2024-05-05", "26.06.26": "2026-06-26",
	} {
		if got := dateText(dates.In(text)); got != want {
			t.Errorf("In(%q) = %q, want %q", text, got, want)
		}
	}
}

func TestInFindsNone(t *testing.T) {
	for _, text := range []string{
		"", "2026", "November 2026", "2026-11", "2026年11月", "2026년 11월 4주차", "2026年11月4週目", "2026年11月4周", "Nov 20", "20. November", "20 عقرب", "2026-W47", "Week 47, 2026", "version 1.20.11.2026", "2026-02-30",
		"30 februari 2026", "5 May", "5 Marbles 2026", "#12 May 2026", "№ 4 мая 2026", "Issue 12 May 2026", "iOS16 May 2026", "1970-01-19", "05/06/2026", "05-06-2026",
		"10.000 boats", "127.0.0.1", "12:30", "۳۰ اسفند ۱۴۰۴", "20 آبان 2026", "20 November 1405", "two, three", "2026 boats 11 ropes 20 knots", "79Jan2026",
		"24-04-25", "25.04.24", "05/06/24", "25.04.24.1", "v25.04.12", "1.25.04.12", "4.25.24", "1-2-34", "10.12.56", "12:30:24", "April '24", "5' 10' 24", "25 April 24", "4/25/56",
	} {
		if got := dateText(dates.In(text)); got != "" {
			t.Errorf("In(%q) = %q, want none", text, got)
		}
	}
}

func TestReadings(t *testing.T) {
	for text, want := range map[string][2]string{
		"05/06/2026":      {"2026-06-05", "2026-05-06"},
		"Boats 5-6-2026.": {"2026-06-05", "2026-05-06"},
		"5.6.2026":        {"2026-06-05", ""},
		"13/06/2026":      {"2026-06-13", ""},
		"24-04-25":        {"2025-04-24", "2024-04-25"},
		"25.04.24":        {"2024-04-25", "2025-04-24"},
		"05/06/24":        {"2024-06-05", "2024-05-06"},
		"05-06-24":        {"2024-06-05", "2024-05-06"},
		"boats":           {"", ""},
	} {
		day, other := dates.Readings(text)
		if got := [2]string{dateText(day), dateText(other)}; got != want {
			t.Errorf("Readings(%q) = %q, want %q", text, got, want)
		}
	}
}

func TestMonthIn(t *testing.T) {
	for text, want := range map[string]string{
		"Boats in October 2025":   "2025-10-01",
		"2025-10-october.md":      "2025-10-01",
		"Boote, März 2026":        "2026-03-01",
		"Boats 05/2026":           "2026-05-01",
		"河畔 2026年5月":              "2026-05-01",
		"Boats, 20 November 2026": "",
		"Boats of October":        "",
		"Boats 2025":              "",
		"Boats 12":                "",
	} {
		if got := dateText(dates.MonthIn(text)); got != want {
			t.Errorf("MonthIn(%q) = %q, want %q", text, got, want)
		}
	}
}

func TestCut(t *testing.T) {
	for text, want := range map[string]string{
		"Boats | July 19":                     "Boats | |",
		"Boats 12 (May 5)":                    "Boats 12 (|)",
		"Boats 12, 20 November 2026":          "Boats 12, |",
		"Boats, 5 de mayo":                    "Boats, |",
		"Boats 19 июля":                       "Boats |",
		"Boats Nov 16–22":                     "Boats |",
		"Boats 16–22 Nov":                     "Boats |",
		"Boats 11/2026, 2026-11, 2026年11月":    "Boats |, |, |月",
		"河畔 7月19日 第３期":                        "河畔 |日 第3期",
		"Boats 12, May 2026":                  "Boats 12, |",
		"Boats 18 Dec 26":                     "Boats |",
		"Boats, 18 Dec: 26 ropes":             "Boats, |: 26 ropes",
		"Boats 12, July '26":                  "Boats 12, |",
		"Boats 12, 25.04.24":                  "Boats 12, |",
		"05 - Mai":                            "|",
		"12 – December: boats":                "|: boats",
		"04 - Mai":                            "04 - Mai",
		"Boats 5 - May":                       "Boats 5 - May",
		"Time Out 12":                         "Time Out 12",
		"you may 5 times":                     "you may 5 times",
		"#12 May":                             "#12 May",
		"Boats 12":                            "Boats 12",
		"":                                    "",
		"Boats 1, 2 and 3 from 5 May to June": "Boats 1, 2 and 3 from | to June",
	} {
		if got := dates.Cut(text); got != want {
			t.Errorf("Cut(%q) = %q, want %q", text, got, want)
		}
	}
}
