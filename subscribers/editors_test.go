package subscribers_test

import (
	"path/filepath"
	"testing"

	"digestbot/subscribers"
)

// An editor is one from the moment an owner says so until the moment one says otherwise,
// also after a restart. What changes nothing is not in the audit.
func TestEditors(t *testing.T) {
	ctx := t.Context()
	path := filepath.Join(t.TempDir(), "digestbot.db")
	store := openAt(t, path)
	owner := subscribers.InPrivate(77)
	for _, step := range []struct {
		name    string
		do      func(user int64) (bool, error)
		user    int64
		changed bool
		editors []int64
	}{
		{"one who is none is removed", func(u int64) (bool, error) { return store.RemoveEditor(ctx, u, owner) }, 88, false, nil},
		{"one is named", func(u int64) (bool, error) { return store.NameEditor(ctx, u, owner) }, 88, true, []int64{88}},
		{"twice", func(u int64) (bool, error) { return store.NameEditor(ctx, u, owner) }, 88, false, []int64{88}},
		{"another", func(u int64) (bool, error) { return store.NameEditor(ctx, u, owner) }, 99, true, []int64{88, 99}},
		{"the first is removed", func(u int64) (bool, error) { return store.RemoveEditor(ctx, u, owner) }, 88, true, []int64{99}},
	} {
		t.Run(step.name, func(t *testing.T) {
			if changed, err := step.do(step.user); err != nil || changed != step.changed {
				t.Errorf("changed is %v, %v, want %v", changed, err, step.changed)
			}
			wantEditors(t, store, step.editors...)
		})
	}
	if n := len(must(store.AuditEntries(ctx, 20, 0))(t)); n != 3 {
		t.Errorf("the audit has %d entries, want one for each change: 3", n)
	}
	if err := store.Close(); err != nil {
		t.Fatal(err)
	}
	wantEditors(t, openAt(t, path), 99)
}

func wantEditors(t *testing.T, store *subscribers.Store, want ...int64) {
	t.Helper()
	all := must(store.Editors(t.Context()))(t)
	if len(all) != len(want) {
		t.Errorf("editors are %+v, want %d", all, want)
	}
	for _, user := range []int64{88, 99} {
		is := false
		for i, w := range want {
			if is = is || w == user; len(all) == len(want) && all[i].User != w {
				t.Errorf("editors are %+v, want %d", all, want)
			}
		}
		if store.IsEditor(user) != is {
			t.Errorf("%d is an editor: %v, want %v", user, !is, is)
		}
	}
}
