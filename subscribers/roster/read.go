package roster

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"digestbot/digest/document/encoding"
	"digestbot/digest/spelling"
)

// Format is how a list is written.
type Format string

// The formats.
const (
	CSV  Format = "csv"  // a table, in UTF-8 with a byte order mark, by which spreadsheets know that
	JSON Format = "json" // an array with an object for each subscriber
)

// Read reads a list. If anything is wrong with it, the error is [*Mistakes], which has all
// that is wrong. Tables are understood as spreadsheets save them: with commas, semicolons
// or tabs, in UTF-8, UTF-16 or an older encoding, and with any line ends.
func Read(data []byte, format Format) (List, error) {
	if len(data) > maxFile {
		return List{}, fmt.Errorf("the file is larger than %d MB: split it", maxFile>>20)
	}
	if err := findZero(data); err != nil {
		return List{}, err
	}
	decoded, warning, err := encoding.Decode(data, func([]byte) bool { return false })
	if err != nil {
		return List{}, notText(err)
	}
	if err := otherFormat(decoded, format); err != nil {
		return List{}, err
	}
	read := readCSV
	if format == JSON {
		read = readJSON
	}
	var mistakes Mistakes
	list, err := read(decoded, &mistakes)
	if err == nil {
		err = mistakes.err()
	}
	if err != nil {
		return List{}, err
	}
	if warning != "" {
		list.Notes = append(list.Notes, warning)
	}
	if len(list.People) == 0 {
		return List{}, errors.New("there is nobody in the file")
	}
	return list, nil
}

// otherFormat fails if a text is in the other format, as what comes from the standard input
// may be: its name shows none.
func otherFormat(text string, format Format) error {
	text = strings.TrimSpace(text)
	isJSON := strings.HasPrefix(text, "[") || strings.HasPrefix(text, "{")
	switch {
	case isJSON && format != JSON:
		return errors.New("the file looks like JSON, and is read as a table: give --format json, or a name that ends with .json")
	case !isJSON && format == JSON && text != "":
		return errors.New("the file does not begin as JSON does, with [ or {: if it is a table, give --format csv, or a name that ends with .csv")
	}
	return nil
}

// findZero fails if there are zero bytes in a text of single bytes, as after damage. In
// UTF-16, nearly half of the bytes are zero where the letters are Latin.
func findZero(data []byte) error {
	first := bytes.IndexByte(data, 0)
	marked := bytes.HasPrefix(data, []byte("\xff\xfe")) || bytes.HasPrefix(data, []byte("\xfe\xff"))
	if first < 0 || marked || bytes.Count(data, []byte{0}) > len(data)/8 || !utf8.Valid(data) {
		return nil
	}
	return fmt.Errorf("line %d has a zero byte, so it was damaged, or is no text: save or copy it again, as CSV (UTF-8)", 1+bytes.Count(data[:first], []byte{'\n'}))
}

// notText says why a file cannot be read, in the words of lists.
func notText(err error) error {
	format, isFormat := errors.AsType[*encoding.FormatError](err)
	switch {
	case isFormat:
		return fmt.Errorf("the file looks like %s: save it as CSV (UTF-8)", format.Format)
	case errors.Is(err, encoding.ErrEmpty):
		return errors.New("the file is empty: the first line must name the columns, of which chat is needed")
	case errors.Is(err, encoding.ErrEncoding):
		return errors.New("the file is not UTF-8, and no other encoding makes a text of it: save it as CSV (UTF-8)")
	}
	return errors.New("the file is not text: save it as CSV (UTF-8)")
}

// field is a value of a file, and the column that it is in.
type field struct {
	column *column
	value  value
}

// person makes a person of the fields of a row, and notes what is wrong with each. ok is
// false if there was anything.
func person(line int, fields []field, mistakes *Mistakes) (p Person, ok bool) {
	p.line = line
	before := mistakes.Count
	for _, f := range fields {
		v := value{text: oneLine(f.value.text)}
		for _, one := range f.value.list {
			if one = oneLine(one); one != "" {
				v.list = append(v.list, one)
			}
		}
		if err := f.column.set(&p, v); err != nil {
			said := v.text
			if f.column.shape == list {
				mistakes.add(line, "%s: it %v", f.column.name, err)
				continue
			}
			mistakes.add(line, "%s: %s %v", f.column.name, shown(said), err)
		}
	}
	return p, mistakes.Count == before
}

// findColumn returns the column of that name, as people write names.
func findColumn(name string) *column {
	name = strings.ToLower(strings.Join(strings.FieldsFunc(name, func(r rune) bool { return r == ' ' || r == '_' || r == '-' }), "_"))
	i := slices.IndexFunc(columns, func(c *column) bool { return c.name == name })
	if i < 0 {
		return nil
	}
	return columns[i]
}

// unknownColumn says what may be meant by a column that is not known.
func unknownColumn(name string) string {
	if near := spelling.Nearest(strings.ToLower(name), Columns()); near != "" {
		return fmt.Sprintf("there is no column %s: do you mean %s?", shown(name), near)
	}
	return fmt.Sprintf("there is no column %s: take it out, or rename it to one of %s", shown(name), strings.Join(Columns(), ", "))
}

// mailLists are words in the columns of what programs for mail export.
var mailLists = []string{"email", "e-mail", "mail"}

// noChat says what a list without chats lacks. where is where the names of columns must be.
func noChat(names []string, where string) error {
	for _, name := range names {
		if slices.ContainsFunc(mailLists, func(word string) bool { return strings.Contains(strings.ToLower(name), word) }) {
			return fmt.Errorf("this is a list of e-mail addresses (column %s): Telegram has no way from an address to a chat. "+
				"Send these people the bot's link, t.me/NAME?start=subscribe; a list for the bot has the column chat, with Telegram's ids of chats that have started this bot", shown(name))
		}
	}
	for _, name := range names {
		if near := spelling.Nearest(strings.ToLower(name), Columns()[:1]); near != "" || strings.Contains(strings.ToLower(name), "chat") {
			return fmt.Errorf("the column chat is missing: rename the column %s to chat, if it has Telegram's ids of chats", shown(name))
		}
	}
	return fmt.Errorf("the column chat is missing: %s, and chat has Telegram's ids of chats that have started this bot", where)
}
