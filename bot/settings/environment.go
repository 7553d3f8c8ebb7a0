package settings

import (
	"maps"
	"slices"
	"strings"

	"github.com/alecthomas/kong"
)

// prefix begins the names of all variables.
const prefix = "DIGESTBOT_"

// Environment holds the environment variables that are not empty.
type Environment map[string]string

// ReadEnvironment reads variables in the form of [os.Environ].
func ReadEnvironment(environ []string) Environment {
	env := Environment{}
	for _, variable := range environ {
		if name, value, _ := strings.Cut(variable, "="); value != "" {
			env[name] = value
		}
	}
	return env
}

// Variable returns the name of the environment variable for a flag.
func Variable(flag string) string {
	return prefix + strings.ToUpper(strings.ReplaceAll(flag, "-", "_"))
}

// isSetting reports whether a flag is of Config, and not one of the few others, such as
// --help. The command line puts only flags of Config into a group.
func isSetting(flag *kong.Flag) bool { return flag != nil && flag.Group != nil }

// Resolve returns the value of a setting. It is a [kong.ResolverFunc].
func (e Environment) Resolve(_ *kong.Context, _ *kong.Path, flag *kong.Flag) (any, error) {
	if value, ok := e[Variable(flag.Name)]; ok && isSetting(flag) {
		return value, nil
	}
	return nil, nil
}

// Unknown returns the variables that look like settings, but are none.
func (e Environment) Unknown(flags []*kong.Flag) (names []string) {
	known := map[string]bool{tokenVariable: true, secretVariable: true}
	for _, flag := range flags {
		known[Variable(flag.Name)] = isSetting(flag)
	}
	for _, name := range slices.Sorted(maps.Keys(e)) {
		if strings.HasPrefix(name, prefix) && !known[name] {
			names = append(names, name)
		}
	}
	return names
}

// HelpText returns the help of a setting with its variable at the end. It is a
// [kong.HelpValueFormatter].
func HelpText(value *kong.Value) string {
	if !isSetting(value.Flag) {
		return value.Help
	}
	return strings.TrimSuffix(value.Help, ".") + " [" + Variable(value.Flag.Name) + "]"
}
