package settings

import (
	"slices"

	"github.com/alecthomas/kong"
)

// heeded lists the settings that commands other than serve use. These commands accept all
// settings, so that one environment works for every command.
var heeded = map[string][]string{
	"demo":     {},
	"version":  {},
	"preview":  {"layout", "allow-private-sources", "proxy"},
	"import":   {"database", "include", "allow-private-sources", "proxy"},
	"healthy":  {"listen"},
	"withdraw": {"database"},
	"redate":   {"database"},
	"backup":   {"database"},
	"restore":  {"database"},
	"site":     {"database", "public-url", "language"},

	"export":             {"database"},
	"import-subscribers": {"database"},
}

// needsNone reports whether a command uses no setting at all, so that a file of settings is
// not even read.
func needsNone(command string) bool {
	names, few := heeded[command]
	return few && len(names) == 0
}

// PrintHelp prints the help with only the settings that the command uses. It is a
// [kong.HelpPrinter].
func PrintHelp(options kong.HelpOptions, ctx *kong.Context) error {
	ctx.Model.HelpFlag.Help = "Print this help and exit."
	if command := ctx.Selected(); command != nil {
		if names, few := heeded[command.Name]; few {
			for _, flag := range ctx.Model.Flags {
				used := slices.Contains(names, flag.Name) || flag.Name == configFlag && len(names) > 0
				flag.Hidden = flag.Hidden || isSetting(flag) && !used
			}
		}
	}
	return kong.DefaultHelpPrinter(options, ctx)
}
