package check

import "context"

// checkPing finds out whether the dead-man's switch is reached. It sends nothing: any request
// would say that all is well.
func (c *checker) checkPing(ctx context.Context) []Finding {
	if c.Settings.PingURL == nil {
		return nil
	}
	host := c.Settings.PingURL.Host
	if err := c.Ping.Reach(ctx); err != nil {
		return one(Failed, host+" is not reached: "+err.Error(), "look at the address, the network and the proxy; until then nobody hears of it when no issue goes out")
	}
	return one(OK, host+" is reached; whether it knows the address shows with the next broadcast", "")
}
