package roster

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"digestbot/subscribers/spreadsheet"
)

// maxPlaces is for how many people there is room from the beginning, if the file has as many lines.
// To make more room later takes twice as much memory for a moment.
const maxPlaces = 1 << 17

// readCSV reads a table. An error is about all of it.
func readCSV(text string, mistakes *Mistakes) (List, error) {
	separator, text, skipped := findSeparator(text)
	r := csv.NewReader(strings.NewReader(text))
	r.Comma, r.FieldsPerRecord, r.ReuseRecord = separator, -1, true
	header, err := r.Read()
	if err != nil {
		return List{}, fmt.Errorf("the first line cannot be read: %w", explainCSV(err))
	}
	list := List{People: make([]Person, 0, min(strings.Count(text, "\n"), maxPlaces))}
	if list.columns, err = readHeader(header, mistakes); err != nil {
		return List{}, err
	}
	if mistakes.Count > 0 { // each row would repeat them
		return List{}, nil
	}
	c := newChecker(mistakes)
	for {
		record, err := r.Read()
		if errors.Is(err, io.EOF) {
			return list, nil
		}
		if err != nil {
			mistakes.add(lineOf(err)+skipped, "%v", explainCSV(err))
			continue
		}
		line, _ := r.FieldPos(0)
		if p, ok := readRow(line+skipped, record, list.columns, mistakes); ok {
			c.check(&p)
			list.People = append(list.People, p)
		}
	}
}

// findSeparator finds out what is between the cells of a table, by its first line. A line
// in which Excel says so is left out.
func findSeparator(text string) (separator rune, rest string, skipped int) {
	first, after, _ := strings.Cut(text, "\n")
	if said, ok := strings.CutPrefix(strings.TrimSpace(first), "sep="); ok && len(said) == 1 && strings.Contains(",;\t|", said) {
		return rune(said[0]), after, 1
	}
	most := 0
	separator = ','
	for _, r := range ",;\t" {
		if n := strings.Count(first, string(r)); n > most {
			separator, most = r, n
		}
	}
	return separator, text, 0
}

// readHeader returns the columns that the first line names. Columns that are not known, or
// come twice, are mistakes. The error is about a table of other things.
func readHeader(header []string, mistakes *Mistakes) ([]*column, error) {
	header = slices.Clone(header)
	for len(header) > 0 && strings.TrimSpace(header[len(header)-1]) == "" { // of columns that a spreadsheet once had
		header = header[:len(header)-1]
	}
	all := make([]*column, len(header))
	for i, name := range header {
		all[i] = findColumn(unquoteFormula(strings.TrimSpace(name)))
	}
	if !slices.Contains(all, columns[0]) {
		return nil, noChat(header, "the first line must name the columns")
	}
	for i, c := range all {
		if c == nil {
			mistakes.add(1, "%s", unknownColumn(header[i]))
		} else if slices.Index(all, c) < i {
			mistakes.add(1, "the column %s is there twice", c.name)
		}
	}
	return all, nil
}

// readRow reads a row of a table. ok is false if it is empty, or something is wrong with
// it.
func readRow(line int, record []string, in []*column, mistakes *Mistakes) (p Person, ok bool) {
	for len(record) > len(in) && strings.TrimSpace(record[len(record)-1]) == "" {
		record = record[:len(record)-1]
	}
	if !slices.ContainsFunc(record, func(cell string) bool { return strings.TrimSpace(cell) != "" }) {
		return Person{}, false // a spreadsheet leaves such rows at the end
	}
	if len(record) != len(in) {
		mistakes.add(line, "cells: %d, and the first line names columns: %d; a cell with the separator or a quotation mark in it must be in quotation marks", len(record), len(in))
		return Person{}, false
	}
	fields := make([]field, 0, len(in))
	for i, cell := range record {
		if len(cell) > maxCell {
			mistakes.add(line, "%s: the cell is longer than %d bytes; a quotation mark may be missing", in[i].name, maxCell)
			return Person{}, false
		}
		cell = unquoteFormula(strings.TrimSpace(cell))
		v := value{text: cell}
		if in[i].shape == list {
			v = value{list: splitList(cell)}
		}
		fields = append(fields, field{in[i], v})
	}
	return person(line, fields, mistakes)
}

// lineOf returns the line that an error of encoding/csv is about.
func lineOf(err error) int {
	if e, ok := errors.AsType[*csv.ParseError](err); ok {
		return e.StartLine
	}
	return 0
}

// explainCSV says what an error of encoding/csv means.
func explainCSV(err error) error {
	switch {
	case errors.Is(err, csv.ErrQuote):
		return errors.New("a quotation mark is missing at the end of a cell, or stands within one: there it must be doubled")
	case errors.Is(err, csv.ErrBareQuote):
		return errors.New("a quotation mark stands within a cell: put the cell in quotation marks and double the one within it")
	}
	return err
}

// csvWriter writes a table.
type csvWriter struct {
	to    *csv.Writer
	cells []string
}

func newCSVWriter(w io.Writer) (*csvWriter, error) {
	if _, err := io.WriteString(w, spreadsheet.ByteOrderMark); err != nil {
		return nil, err
	}
	t := &csvWriter{to: csv.NewWriter(w), cells: make([]string, len(columns))}
	return t, t.to.Write(Columns())
}

func (t *csvWriter) write(p *Person) error {
	for i, c := range columns {
		v := c.get(p)
		switch c.shape {
		case number:
			t.cells[i] = v.text
		case list:
			t.cells[i] = quoteFormula(joinList(v.list))
		default:
			t.cells[i] = quoteFormula(v.text)
		}
	}
	return t.to.Write(t.cells)
}

func (t *csvWriter) close() error {
	t.to.Flush()
	return t.to.Error()
}
