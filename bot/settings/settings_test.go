package settings_test

import (
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"digestbot/bot/settings"
)

func TestAdminNamedTwice(t *testing.T) {
	config := settings.Config{
		APIURL: "https://api.telegram.org", Database: "digestbot.db", Admins: []string{"12", " 7", "12"}, Timezone: "UTC",
		Schedule: "0 9 * * FRI", Poll: "@every 15m", CatchUp: 24 * time.Hour, Rate: 30, Language: "en", LogLevel: "info", LogFormat: "text",
	}
	s, err := config.Settings(settings.Environment{"DIGESTBOT_TOKEN": "123456789:" + strings.Repeat("x", 35)})
	if err != nil {
		t.Fatal(err)
	}
	if want := []int64{12, 7}; !slices.Equal(s.Admins, want) {
		t.Errorf("admins are %v, want %v", s.Admins, want)
	}
}

// A token in the place of another setting is not printed with what is wrong.
func TestTokenInTheWrongPlace(t *testing.T) {
	token := "123456789:" + strings.Repeat("x", 35)
	config := settings.Config{
		TokenFile: token, APIURL: token, Database: "digestbot.db", Admins: []string{token}, Source: []string{token}, Timezone: token,
		Schedule: token, Poll: token, Rate: 30, WebhookURL: token, Listen: token, Language: token, LogLevel: token,
	}
	_, err := config.Settings(settings.Environment{})
	if err == nil || strings.Contains(err.Error(), token) {
		t.Errorf("Settings = %v, want errors without the token", err)
	}
}

// Which proxy an address is reached through, and what is wrong only if it is used.
func TestProxy(t *testing.T) {
	const https, http = "https://api.telegram.org", "http://bot-api.example:8081"
	for _, test := range []struct {
		environ []string
		address string
		want    string // empty: none
		wrong   bool
	}{
		{nil, https, "", false},
		{[]string{"HTTPS_PROXY=http://a:1"}, https, "http://a:1", false},
		{[]string{"HTTPS_PROXY=a:1"}, https, "http://a:1", false},
		{[]string{"HTTPS_PROXY=http://a:1"}, http, "", false},
		{[]string{"ALL_PROXY=socks5h://a"}, https, "socks5h://a", false},
		{[]string{"all_proxy=https://me:word@a:1"}, http, "https://me:word@a:1", false},
		{[]string{"ALL_PROXY=socks5://a:1", "https_proxy=http://b:2"}, https, "http://b:2", false},
		{[]string{"ALL_PROXY=socks5://a:1", "https_proxy=http://b:2"}, http, "socks5://a:1", false},
		{[]string{"ALL_PROXY=a:1", "NO_PROXY=telegram.org"}, https, "", false},
		{[]string{"ALL_PROXY=a:1", "no_proxy=example.org, bot-api.example"}, http, "", false},
		{[]string{"ALL_PROXY=a:1"}, "http://localhost:8081", "", false},

		{[]string{"ALL_PROXY=a:port"}, https, "", true},
		{[]string{"ALL_PROXY=a:70000"}, https, "", true},
		{[]string{"ALL_PROXY=http:/a"}, https, "", true},
		{[]string{"ALL_PROXY=http://"}, https, "", true},
		{[]string{"ALL_PROXY=ftp://a"}, https, "", true},
		{[]string{"ALL_PROXY=ftp://a", "NO_PROXY=*"}, https, "", false},
		{[]string{"HTTP_PROXY=ftp://a"}, https, "", false},
	} {
		config := settings.Config{
			APIURL: test.address, Database: "digestbot.db", Timezone: "UTC", Schedule: "0 9 * * FRI", Poll: "@every 15m",
			Rate: 30, Language: "en", LogLevel: "info", LogFormat: "text",
		}
		env := settings.ReadEnvironment(append(test.environ, "DIGESTBOT_TOKEN=123456789:"+strings.Repeat("x", 35)))
		s, err := config.Settings(env)
		if (err != nil) != test.wrong {
			t.Errorf("%q for %s: %v, want an error: %v", test.environ, test.address, err, test.wrong)
		}
		if err != nil {
			continue
		}
		u, err := url.Parse(test.address)
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		if through, err := s.Proxy(u); err != nil {
			t.Error(err)
		} else if through != nil {
			got = through.String()
		}
		if got != test.want {
			t.Errorf("%q for %s: the proxy is %q, want %q", test.environ, test.address, got, test.want)
		}
	}
}
