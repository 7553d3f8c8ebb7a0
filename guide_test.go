package main

import (
	"fmt"
	"strings"
)

// followsTheGuide does on a machine with a bot what the operating guide says, block by block, as
// root. It ends with a bot that has the readers it had.
func (m *debian) followsTheGuide(tg *telegram, deb string) {
	m.t.Helper()
	m.put("/usr/local/bin/sudo", "#!/bin/sh\nif [ \"$1\" = -u ]; then user=$2; shift 2; exec runuser -u \"$user\" -- \"$@\"; fi\nexec \"$@\"\n", 0o755)
	m.do("mv", m.newer(deb, "1.3.0"), "/root/digestbot_1.3.0_amd64.deb")
	m.put("/root/pasted", fakeToken+"\n", 0o600)
	blocks := 0
	for _, b := range shellBlocks(m.t) {
		if b.page != "docs/operating.md" {
			continue
		}
		blocks++
		text := strings.ReplaceAll(b.text, "123456789", fmt.Sprint(tg.ann.ID()))
		m.do("bash", "-euo", "pipefail", "-c", "cd /root\n{\n"+text+"\n} </root/pasted")
	}
	if blocks < 10 {
		m.t.Errorf("the guide has %d blocks of commands", blocks)
	}
	tg.asks("/subscribe", "already")
}
