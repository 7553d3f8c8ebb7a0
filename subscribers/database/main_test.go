package database_test

import (
	"os"
	"testing"

	"digestbot/subscribers/storetest"
)

func TestMain(m *testing.M) { os.Exit(storetest.InMemory(m)) }
