package subscribers

import (
	"encoding/binary"
	"hash/crc32"
	"slices"
	"testing"

	"digestbot/digest"
)

var arrivedTexts = map[string][]Arrived{
	"":                  nil,
	"501 502":           {{Position: UnknownPosition, ID: 501}, {Position: UnknownPosition, ID: 502}},
	"0:501 2:503":       {{ID: 501}, {Position: 2, ID: 503}},
	"-2:7:3":            {{Position: LinePosition, ID: 7, Edition: 3}},
	"1:0":               {{Position: 1}},
	"0:9::compact":      {{ID: 9, Layout: digest.LayoutCompact}},
	"0:9:2:rich:1:-455": {{ID: 9, Edition: 2, Layout: digest.LayoutRich, Copy: 1, Chat: -455}},
	"0:9::::-455 4":     {{ID: 9, Chat: -455}, {Position: UnknownPosition, ID: 4}},
}

func TestArrivedMessagesAsText(t *testing.T) {
	for text, want := range arrivedTexts {
		got, err := parseArrived(text)
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("parseArrived(%q) = %+v, %v, want %+v", text, got, err, want)
		}
		if back := formatArrived(want); back != text {
			t.Errorf("formatArrived(%+v) = %q, want %q", want, back, text)
		}
	}
	for _, wrong := range []string{"x", "1:x", "1:2:3:compact:1:5:6", "1:2::::y"} {
		if got, err := parseArrived(wrong); err == nil {
			t.Errorf("parseArrived(%q) = %+v, want an error", wrong, got)
		}
	}
}

func FuzzParseArrived(f *testing.F) {
	for text := range arrivedTexts {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		read, err := parseArrived(text)
		if err != nil {
			return
		}
		again, err := parseArrived(formatArrived(read))
		if err != nil || !slices.Equal(again, read) {
			t.Errorf("%q is %+v, and written and read again %+v, %v", text, read, again, err)
		}
	})
}

// A program that was killed before an upgrade has left records without positions.
func TestRecordsOfOlderVersions(t *testing.T) {
	const stamp = 77
	b := make([]byte, recordHeader)
	for _, n := range []int64{3, 4, 5, 1, 2, 1, 2, 0, 0, 0} {
		b = binary.AppendVarint(b, n)
	}
	for _, text := range []string{"pending", "sections", ""} {
		b = append(binary.AppendVarint(b, int64(len(text))), text...)
	}
	b = binary.AppendVarint(binary.AppendVarint(b, 900), 3) // the second id is a difference
	binary.LittleEndian.PutUint64(b, stamp)
	binary.LittleEndian.PutUint32(b[8:], crc32.ChecksumIEEE(b[recordHeader:]))
	binary.LittleEndian.PutUint16(b[12:], uint16(len(b)-recordHeader))
	d, ok := decodeRecord(b, stamp)
	want := []Arrived{{Position: UnknownPosition, ID: 900}, {Position: UnknownPosition, ID: 903}}
	if !ok || d.SubscriberID != 4 || d.NextMessage != 2 || !slices.Equal(d.Arrived, want) {
		t.Errorf("the record is read as %+v, %v, want two messages of unknown positions", d, ok)
	}
}
