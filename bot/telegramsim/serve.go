package telegramsim

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"time"

	"digestbot/bot/telegramsim/botapi"
)

// call is one request to the Bot API.
type call struct {
	sim  *Sim
	ctx  context.Context
	name string // of the method, in lower case: Telegram ignores the case
	form botapi.Params
	// refusal of a request that is not as the Bot API describes it; nil for others.
	refusal error
}

// object decodes a JSON parameter into v and reports whether there was one.
func (c *call) object(name string, v any) (bool, error) {
	given, err := c.form.Object(name, v)
	if err != nil {
		return false, badRequest("%s", err)
	}
	return given, nil
}

// method answers a call with its result or a refusal. The Sim's mutex is held.
type method func(*call) (any, error)

// serveAPI answers a request whose path begins with /bot or /file/bot. An error is that of
// ctx: the client went away.
func (s *Sim) serveAPI(ctx context.Context, r *http.Request) (answer, error) {
	path, isFile := strings.CutPrefix(r.URL.Path, "/file")
	token, name, ok := strings.Cut(strings.TrimPrefix(path, "/bot"), "/")
	form, err := botapi.ReadParams(r)
	if empty, ok := errors.AsType[botapi.NoContentError](err); ok {
		s.report(name + ": " + empty.Error())
		return answer{status: http.StatusBadRequest}, nil
	}
	if err != nil {
		return answer{}, err
	}
	switch {
	case !ok || name == "" || strings.Contains(name, "/") && !isFile:
		return refuse(NotFound), nil
	case token != s.opts.Token:
		return refuse(Unauthorized), nil
	case isFile:
		return s.download(name), nil
	}
	c := &call{sim: s, ctx: ctx, name: strings.ToLower(name), form: form}
	wrong, refusal := botapi.Inspect(c.name, form)
	s.report(wrong...)
	if refusal != "" {
		c.refusal = badRequest("%s", refusal)
	}
	return s.serveCall(c)
}

// report counts what is wrong with a request, and reports each new fault to Options.Report.
func (s *Sim) report(wrong ...string) {
	for _, w := range wrong {
		s.mu.Lock()
		s.state.stats.Wrong[w]++
		n := s.state.stats.Wrong[w]
		s.mu.Unlock()
		if n == 1 {
			s.opts.Report(w)
		}
	}
}

// serveCall runs a call with the faults that strike it.
func (s *Sim) serveCall(c *call) (answer, error) {
	plan, down := s.planOf(c)
	if down {
		return answer{cut: cutDial}, nil
	}
	if wait := s.enter(c); wait > 0 {
		return s.result(nil, flood(wait)), nil
	}
	defer s.leave(c)
	if plan.kind != RefuseConnection && !traceWritten(c.ctx) {
		return answer{}, c.ctx.Err()
	}
	// A request that has arrived is carried out, even if the client has gone away, as it has
	// when it was killed and this machine is slow.
	if err := s.pause(context.WithoutCancel(c.ctx), plan.delayBefore); err != nil {
		return answer{}, err
	}
	if a, struck := plan.before(); struck {
		s.countFault(plan)
		s.orderWait(c, plan)
		return a, nil
	}
	if plan.kind == Migrate {
		s.Chat(c.form.Integer("chat_id")).Upgrade()
	}
	a, err := s.run(c)
	if err != nil {
		return answer{}, err
	}
	if plan.kind == DeleteAtOnce && a.status == http.StatusOK {
		s.deleteAtOnce(c)
	}
	if err := s.pause(c.ctx, plan.delayAfter); err != nil {
		return answer{}, err
	}
	if plan.strikesAfter() {
		s.countFault(plan)
	}
	return plan.after(a), nil
}

func (s *Sim) planOf(c *call) (plan plan, down bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return plan, true
	}
	s.state.stats.Calls[c.name]++
	return s.state.faults.plan(c), false
}

// isLimited reports whether a call counts against the limits of speed.
func (c *call) isLimited() bool { return posts(c.name) && !c.sim.opts.Limits.Off }

// enter counts a message that is under way to a chat, or returns how long to wait with it.
func (s *Sim) enter(c *call) (wait time.Duration) {
	if !c.isLimited() {
		return 0
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.state.limits.Enter(c.form.Text("chat_id"))
}

func (s *Sim) leave(c *call) {
	if !c.isLimited() {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.state.limits.Leave(c.form.Text("chat_id"))
}

// countLocked counts a message to a chat, or refuses it.
func (c *call) countLocked(chat int64) error {
	s := c.sim
	v := s.state.limits.Accept(now(), chat, c.form.Flag("allow_paid_broadcast"))
	if v.Early {
		s.state.stats.Early++
	}
	if v.Wait > 0 {
		return flood(v.Wait)
	}
	if v.Paid {
		s.state.stats.StarTenths++
	}
	return nil
}

func (s *Sim) countFault(p plan) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.state.stats.Faults[p.kind]++
	s.state.changed()
}

// orderWait orders the wait of a TooMany.
func (s *Sim) orderWait(c *call, p plan) {
	if p.kind != TooMany || !posts(c.name) {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	chat := c.form.Integer("chat_id")
	if p.fault.Global {
		chat = 0
	}
	s.state.limits.Order(now(), chat, p.fault.wait())
}

// pause waits, unless the client gives up or the simulator closes.
func (s *Sim) pause(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return ctx.Err()
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	case <-s.done:
		return nil
	}
}

// run carries out the call.
func (s *Sim) run(c *call) (answer, error) {
	m, ok := s.methods[c.name]
	if !ok && c.name != "getupdates" {
		return refuse(MethodNotFound), nil
	}
	if c.refusal != nil {
		return s.result(nil, c.refusal), nil
	}
	if c.name == "getupdates" {
		result, err := getUpdates(c)
		if c.ctx.Err() != nil {
			return answer{}, c.ctx.Err()
		}
		return s.result(result, err), nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	result, err := m(c)
	return s.state.result(result, err), nil
}

func (s *Sim) result(v any, err error) answer {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.state.result(v, err)
}

func (st *state) result(v any, err error) answer {
	defer st.changed() // at least the counts have changed
	if err == nil {
		return jsonAnswer(http.StatusOK, wireResult{OK: true, Result: v})
	}
	a := refuse(err)
	st.stats.refused(a.status, err)
	return a
}

// ServeHTTP serves the Bot API and the chat page to real clients.
func (s *Sim) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if !strings.HasPrefix(r.URL.Path, "/bot") && !strings.HasPrefix(r.URL.Path, "/file/bot") {
		s.page.handler.ServeHTTP(w, r)
		return
	}
	a, err := s.serveAPI(r.Context(), r)
	if err != nil {
		return // the client is gone, or did not send all of its request
	}
	a.write(w, r, s.done)
}
