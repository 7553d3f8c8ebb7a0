package subscribers

import "context"

// DeliveryTimes returns the delivery times that subscribers have chosen.
func (s *Store) DeliveryTimes(ctx context.Context) ([]DeliveryTime, error) {
	return deliveryTimes(ctx, s.reads)
}
