package settings

import (
	"fmt"
	"math"
	"reflect"
	"regexp"
	"time"

	"github.com/alecthomas/kong"
)

// Durations makes kong understand durations in days and weeks as well.
func Durations() kong.Option {
	return kong.TypeMapper(reflect.TypeFor[time.Duration](), kong.MapperFunc(
		func(ctx *kong.DecodeContext, target reflect.Value) error {
			var text string
			if err := ctx.Scan.PopValueInto("duration", &text); err != nil {
				return err
			}
			d, err := parseDuration(text)
			target.SetInt(int64(d))
			return err
		}))
}

var longUnit = regexp.MustCompile(`([0-9.]+)([dw])`)

// parseDuration is time.ParseDuration with days of 24 hours, and weeks: 1w2d12h.
func parseDuration(text string) (time.Duration, error) {
	hours := map[string]time.Duration{"d": 24, "w": 7 * 24}
	d, err := time.ParseDuration(longUnit.ReplaceAllStringFunc(text, func(part string) string {
		n, unit := part[:len(part)-1], hours[part[len(part)-1:]]
		d, err := time.ParseDuration(n + "h")
		if err != nil || d > math.MaxInt64/unit {
			return part // time.ParseDuration refuses it
		}
		return (d * unit).String()
	}))
	if err != nil {
		return 0, fmt.Errorf("%q is not a duration, which is a number and a unit (s, m, h, d or w) without a space, such as 36h, 7d or 2w", text)
	}
	return d, nil
}
