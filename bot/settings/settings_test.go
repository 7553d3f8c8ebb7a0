package settings_test

import (
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
