package settings

import (
	"slices"

	"github.com/alecthomas/kong"
)

// heeded lists the settings that commands other than serve heed. They take all
// of them, so that one environment serves every command.
var heeded = map[string][]string{
	"demo":     {},
	"preview":  {"layout"},
	"import":   {"database", "include"},
	"withdraw": {"database"},
	"redate":   {"database"},
}

// PrintHelp shows of the settings those that the command heeds; it is a
// kong.HelpPrinter.
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
