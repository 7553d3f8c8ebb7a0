package numerals_test

import (
	"testing"

	"digestbot/digest/numerals"
)

func TestReadNumber(t *testing.T) {
	for text, want := range map[string]int{
		"179": 179, " 179 ": 179, "#179": 179, "# 179": 179, "１７９": 179, "＃１７９": 179, "١٧٩": 179, "۱۷۹": 179, "१७९": 179, "№ 179": 179, "№179": 179,
		"第 179 期": 179, "第179期": 179, "179期": 179, "第一百七十九期": 179, "第〇二三期": 23, "第二十期": 20, "第一千零八期": 1008, "0179": 179,
		"": 0, "boats": 0, "#": 0, "0": 0, "-3": 0, "二十": 0, "第期": 0, "17a": 0, "1.5": 0,
	} {
		got, ok := numerals.ReadNumber(text)
		if !ok {
			got = 0
		}
		if got != want {
			t.Errorf("ReadNumber(%q) = %d, want %d", text, got, want)
		}
	}
}

func TestHasNumber(t *testing.T) {
	for _, name := range []string{"Boats 12", "boats-012", "河畔 第十二期", "القارب ١٢", "第１２期", "n12"} {
		if !numerals.HasNumber(name, 12) {
			t.Errorf("HasNumber(%q, 12) = false", name)
		}
	}
	for _, name := range []string{"", "Boats", "2012", "112", "河畔 第二十二期", "20261112"} {
		if numerals.HasNumber(name, 12) {
			t.Errorf("HasNumber(%q, 12) = true", name)
		}
	}
}

func TestReadHan(t *testing.T) {
	for numeral, want := range map[string]int{
		"一": 1, "十": 10, "十二": 12, "二十": 20, "二十三": 23, "九十九": 99, "一百": 100, "一百零三": 103, "一百二十三": 123, "两百": 200, "一千二百三十四": 1234,
		"三千": 3000, "二〇二六": 2026, "〇二三": 23, "廿三": 23, "卅": 30, "百": 100,
		"": 0, "x": 0, "一二三四五": 0, "二〇二六一一二〇〇": 0, "３": 0,
	} {
		got, ok := numerals.ReadHan(numeral)
		if !ok {
			got = 0
		}
		if got != want {
			t.Errorf("ReadHan(%q) = %d, want %d", numeral, got, want)
		}
	}
}
