package markup

import "fmt"

// words is an error in Telegram's own words, which become part of a refusal.
type words string

func (w words) Error() string { return string(w) }

func says(format string, args ...any) error { return words(fmt.Sprintf(format, args...)) }
