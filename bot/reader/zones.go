package reader

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"digestbot/subscribers"
)

// zones are the time zones there are buttons for: at least one for every clock
// in the world, and the big cities. The data of buttons holds positions in
// this list, so it only ever grows at its end.
var zones = []string{
	"UTC",
	"Africa/Abidjan", "Africa/Accra", "Africa/Addis_Ababa", "Africa/Algiers", "Africa/Cairo", "Africa/Casablanca", "Africa/Dakar",
	"Africa/Dar_es_Salaam", "Africa/Harare", "Africa/Johannesburg", "Africa/Khartoum", "Africa/Kinshasa", "Africa/Lagos", "Africa/Maputo",
	"Africa/Nairobi", "Africa/Tripoli", "Africa/Tunis", "Africa/Windhoek",
	"America/Adak", "America/Anchorage", "America/Argentina/Buenos_Aires", "America/Asuncion", "America/Bogota", "America/Caracas",
	"America/Chicago", "America/Costa_Rica", "America/Denver", "America/Edmonton", "America/Guatemala", "America/Guayaquil",
	"America/Halifax", "America/Havana", "America/Jamaica", "America/La_Paz", "America/Lima", "America/Los_Angeles", "America/Mexico_City",
	"America/Miquelon", "America/Montevideo", "America/New_York", "America/Noronha", "America/Nuuk", "America/Panama", "America/Phoenix",
	"America/Puerto_Rico", "America/Regina", "America/Santiago", "America/Santo_Domingo", "America/Sao_Paulo", "America/St_Johns",
	"America/Tijuana", "America/Toronto", "America/Vancouver", "America/Winnipeg",
	"Asia/Almaty", "Asia/Amman", "Asia/Baghdad", "Asia/Baku", "Asia/Bangkok", "Asia/Beirut", "Asia/Colombo", "Asia/Damascus", "Asia/Dhaka",
	"Asia/Dubai", "Asia/Gaza", "Asia/Ho_Chi_Minh", "Asia/Hong_Kong", "Asia/Irkutsk", "Asia/Jakarta", "Asia/Jerusalem", "Asia/Kabul",
	"Asia/Kamchatka", "Asia/Karachi", "Asia/Kathmandu", "Asia/Kolkata", "Asia/Krasnoyarsk", "Asia/Kuala_Lumpur", "Asia/Kuwait",
	"Asia/Macau", "Asia/Magadan", "Asia/Manila", "Asia/Novosibirsk", "Asia/Omsk", "Asia/Pyongyang", "Asia/Riyadh", "Asia/Seoul",
	"Asia/Shanghai", "Asia/Singapore", "Asia/Taipei", "Asia/Tashkent", "Asia/Tbilisi", "Asia/Tehran", "Asia/Thimphu", "Asia/Tokyo",
	"Asia/Ulaanbaatar", "Asia/Urumqi", "Asia/Vladivostok", "Asia/Yakutsk", "Asia/Yangon", "Asia/Yekaterinburg", "Asia/Yerevan",
	"Europe/Amsterdam", "Europe/Athens", "Europe/Belgrade", "Europe/Berlin", "Europe/Brussels", "Europe/Bucharest", "Europe/Budapest",
	"Europe/Chisinau", "Europe/Copenhagen", "Europe/Dublin", "Europe/Helsinki", "Europe/Istanbul", "Europe/Kyiv", "Europe/Lisbon",
	"Europe/London", "Europe/Madrid", "Europe/Minsk", "Europe/Moscow", "Europe/Oslo", "Europe/Paris", "Europe/Prague", "Europe/Rome",
	"Europe/Samara", "Europe/Sofia", "Europe/Stockholm", "Europe/Vienna", "Europe/Vilnius", "Europe/Warsaw", "Europe/Zurich",
	"Atlantic/Azores", "Atlantic/Canary", "Atlantic/Cape_Verde", "Atlantic/Reykjavik", "Atlantic/South_Georgia",
	"Indian/Maldives", "Indian/Mauritius", "Indian/Reunion",
	"Australia/Adelaide", "Australia/Brisbane", "Australia/Darwin", "Australia/Eucla", "Australia/Hobart", "Australia/Lord_Howe",
	"Australia/Melbourne", "Australia/Perth", "Australia/Sydney",
	"Pacific/Apia", "Pacific/Auckland", "Pacific/Chatham", "Pacific/Easter", "Pacific/Fiji", "Pacific/Gambier", "Pacific/Guam",
	"Pacific/Honolulu", "Pacific/Kiritimati", "Pacific/Marquesas", "Pacific/Norfolk", "Pacific/Noumea", "Pacific/Pago_Pago",
	"Pacific/Pitcairn", "Pacific/Port_Moresby", "Pacific/Tahiti", "Pacific/Tongatapu",
	"Antarctica/Troll",
}

// usualZones are those of the first page.
var usualZones = []string{
	"Asia/Shanghai", "Asia/Singapore", "Asia/Tokyo", "Asia/Kolkata", "Europe/Moscow", "Europe/Berlin", "Europe/London",
	"America/Sao_Paulo", "America/New_York", "America/Los_Angeles", "Australia/Sydney", "UTC",
}

// zoneRegion is a page of time zones.
type zoneRegion struct {
	key      string // of its name
	prefixes []string
}

// zoneRegions are the pages after the first, in the order of their numbers.
var zoneRegions = []zoneRegion{
	{"region.africa", []string{"Africa/"}},
	{"region.america", []string{"America/"}},
	{"region.asia", []string{"Asia/"}},
	{"region.europe", []string{"Europe/"}},
	{"region.pacific", []string{"Australia/", "Pacific/"}},
	{"region.elsewhere", []string{"Atlantic/", "Indian/", "Antarctica/"}},
}

// zoneButton is a time zone to choose.
type zoneButton struct {
	number int64 // for the data of the button
	name   string
	now    time.Time // there
}

// zonePage returns the time zones of a page: 0 is the first, with the bot's
// own before the usual ones; the others are those of a region, from west to
// east.
func zonePage(page int64, own string, at time.Time) []zoneButton {
	if page == 0 {
		names := slices.DeleteFunc(slices.Clone(usualZones), func(name string) bool { return name == own })
		return zoneButtons(append([]string{own}, names...), at)
	}
	var names []string
	for _, name := range zones {
		if slices.ContainsFunc(zoneRegions[page-1].prefixes, func(prefix string) bool { return strings.HasPrefix(name, prefix) }) {
			names = append(names, name)
		}
	}
	all := zoneButtons(names, at)
	slices.SortStableFunc(all, func(x, y zoneButton) int {
		_, west := x.now.Zone()
		_, east := y.now.Zone()
		return cmp.Compare(west, east)
	})
	return all
}

func zoneButtons(names []string, at time.Time) []zoneButton {
	var all []zoneButton
	for _, name := range names {
		zone, err := time.LoadLocation(name)
		if err != nil || !subscribers.IsZone(name) {
			continue
		}
		number := int64(slices.Index(zones, name))
		if number < 0 {
			number = ownZone
		}
		all = append(all, zoneButton{number: number, name: name, now: at.In(zone)})
	}
	return all
}

// ownZone is the number of the bot's own time zone when it is not in zones.
const ownZone = 9999

// numberedZone returns the name of the zone with that number; own is the bot's.
func numberedZone(number int64, own string) (name string, ok bool) {
	switch {
	case number < int64(len(zones)):
		return zones[number], true
	case number == ownZone && subscribers.IsZone(own):
		return own, true
	}
	return "", false
}
