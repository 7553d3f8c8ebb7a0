package main

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"unsafe"

	"digestbot/internal/longtest"
)

// The disk is taken away in the middle of a broadcast: nothing can be read or written any more.
// Whatever becomes of the program, it goes on when the disk is back and it is started again.
func TestDiskTakenAway(t *testing.T) {
	longtest.Only(t)
	t.Parallel()
	image := filepath.Join(t.TempDir(), "disk")
	if err := errors.Join(os.WriteFile(image, nil, 0o600), os.Truncate(image, 64<<20)); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command("/usr/sbin/mkfs.ext4", "-q", image).CombinedOutput(); err != nil {
		t.Fatalf("mkfs.ext4: %v\n%s", err, out)
	}
	disk := mounted(t, "-o", "loop", image)
	r := newResumedIn(t, killReaders, buildProgram(t), disk)
	p := startCommand(t, exec.Command(r.binary, "--paid-broadcast", "--rate", "60", "--admins", "77", "--database", r.database, "--api-url", r.url))
	r.untilSending(p)
	shutDown(t, disk)
	p.line("err=")
	p.signal(syscall.SIGTERM) // the program may have ended with a bus error
	p.kill()
	unmount(t, disk)
	mount(t, disk, "-o", "loop", image)

	for !r.finished() {
		p := startCommand(t, exec.Command(r.binary, "--paid-broadcast", "--rate", "300", "--admins", "77", "--database", r.database, "--api-url", r.url))
		p.line("broadcast finished")
		p.signal(syscall.SIGTERM)
		if code := p.wait(); code != 0 {
			t.Errorf("the program ended with %d", code)
		}
	}
	if lost, repeats, uncertain := r.check(); lost > 0 || repeats > uncertain {
		t.Errorf("%d lost, %d repeated, %d uncertain: want none lost, and each that was repeated uncertain", lost, repeats, uncertain)
	}
}

// mounted returns a folder with a file system of its own, which is there until the end of the test.
func mounted(t *testing.T, args ...string) string {
	t.Helper()
	if os.Geteuid() != 0 {
		t.Skip("only root mounts disks; CI does")
	}
	folder := filepath.Join(t.TempDir(), "mounted")
	if err := os.Mkdir(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	mount(t, folder, args...)
	t.Cleanup(func() { unmount(t, folder) })
	return folder
}

func mount(t *testing.T, folder string, args ...string) {
	t.Helper()
	if out, err := exec.Command("mount", append(args, folder)...).CombinedOutput(); err != nil {
		t.Fatalf("mount: %v\n%s", err, out)
	}
}

func unmount(t *testing.T, folder string) {
	t.Helper()
	if out, err := exec.Command("umount", folder).CombinedOutput(); err != nil {
		t.Errorf("umount: %v\n%s", err, out)
	}
}

// shutDown takes the disk of a folder away from all who use it, as a cable that is pulled
// (EXT4_IOC_SHUTDOWN of Linux's fs/ext4/ext4.h); what was written before is on it.
func shutDown(t *testing.T, folder string) {
	t.Helper()
	const ioctl = 0x8004587d
	afterASync := uint32(0)
	dir, err := os.Open(folder)
	if err != nil {
		t.Fatal(err)
	}
	defer dir.Close()
	if _, _, err := syscall.Syscall(syscall.SYS_IOCTL, dir.Fd(), ioctl, uintptr(unsafe.Pointer(&afterASync))); err != 0 {
		t.Fatal(err)
	}
}
