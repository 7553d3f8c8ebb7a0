package settings

import (
	"cmp"
	"fmt"
	"io"
	"strings"

	"github.com/BurntSushi/toml"
	"github.com/alecthomas/kong"
)

const exampleHead = `# Settings of digestbot. Take the # away from a line with a setting, and give it your
# value: where it shows a default, that holds anyway. Then start the bot with
#
#   digestbot serve --config digestbot.toml
#
# Flags and environment variables win over this file. Relative paths are relative to the
# folder of this file. The token of the bot does not belong here: token-file names a file
# with it, or it is in DIGESTBOT_TOKEN, a systemd credential or a Docker secret.
# "digestbot config" prints what is in force, and "digestbot check" tries it.
`

// WriteExample writes a file of settings with everything that can be set, as comments.
func WriteExample(w io.Writer, flags []*kong.Flag) error {
	var b strings.Builder
	b.WriteString(exampleHead)
	for _, flag := range flags {
		if !isSetting(flag) || flag.Name == configFlag {
			continue
		}
		b.WriteString("\n")
		for _, line := range wrap(flag.Help, exampleWidth) {
			fmt.Fprintf(&b, "# %s\n", line)
		}
		for line := range strings.Lines(flag.Name + " = " + exampleOf(flag) + "\n") {
			b.WriteString("#" + line)
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// exampleWidth is how long lines of help are at most, in bytes.
const exampleWidth = 90

// wrap divides a text into lines.
func wrap(text string, width int) (lines []string) {
	line := ""
	for word := range strings.FieldsSeq(text) {
		if line != "" && len(line)+1+len(word) > width {
			lines = append(lines, line)
			line = ""
		}
		line = strings.TrimSpace(line + " " + word)
	}
	return append(lines, line)
}

// exampleOf returns a value of a setting as it stands in the file: the default, else what the
// setting gives as an example, else its placeholder.
func exampleOf(flag *kong.Flag) string {
	switch flag.Target.Interface().(type) {
	case bool:
		return "true"
	case int:
		return flag.Default
	case []string:
		if flag.Default != "" {
			return inTOML(strings.Split(flag.Default, ","))
		}
		return cmp.Or(flag.Tag.Get("example"), inTOML([]string{flag.PlaceHolder}))
	}
	return inTOML(cmp.Or(flag.Default, flag.Tag.Get("example"), flag.PlaceHolder))
}

// inTOML returns a value as it stands in the file.
func inTOML(value any) string {
	line, err := toml.Marshal(map[string]any{"x": value})
	if err != nil { // there is no value of a setting that TOML does not have
		panic(err)
	}
	return strings.TrimSpace(strings.TrimPrefix(string(line), "x = "))
}
