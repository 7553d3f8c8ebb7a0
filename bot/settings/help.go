package settings

import (
	"slices"

	"github.com/alecthomas/kong"
)

// heeded lists the settings that commands other than serve use. These commands accept all
// settings, so that one environment works for every command.
var heeded = map[string][]string{
	"demo":     {},
	"preview":  {"layout"},
	"import":   {"database", "include"},
	"withdraw": {"database"},
	"redate":   {"database"},
}

// PrintHelp prints the help with only the settings that the command uses. It is a
// [kong.HelpPrinter].
func PrintHelp(options kong.HelpOptions, ctx *kong.Context) error {
	ctx.Model.HelpFlag.Help = "Print this help and exit."
	if command := ctx.Selected(); command != nil {
		if names, few := heeded[command.Name]; few {
			for _, flag := range ctx.Model.Flags {
				flag.Hidden = flag.Hidden || isSetting(flag) && !slices.Contains(names, flag.Name)
			}
		}
	}
	return kong.DefaultHelpPrinter(options, ctx)
}
