using PretrainBench.Reports.Charts;

namespace PretrainBench.Reports.Tests.Charts;

public class LabelPlacementTests
{
    [Fact]
    public void Labels_keep_their_distance_their_order_and_the_room()
    {
        Random random = new(13);
        for (int trial = 0; trial < 500; trial++)
        {
            double[] wishes = [.. Enumerable.Range(0, random.Next(1, 12)).Select(_ => 200 * random.NextDouble())];
            double[] places = LabelPlacement.Spread(wishes, 14, 0, 200);
            Assert.All(places, p => Assert.InRange(p, -1e-9, 200 + 1e-9));
            double[] sorted = [.. places.Order()];
            Assert.All(sorted.Zip(sorted.Skip(1)), pair => Assert.True(pair.Second - pair.First >= 14 - 1e-9));
            int[] byWish = [.. Enumerable.Range(0, wishes.Length).OrderBy(i => wishes[i])];
            Assert.Equal(byWish, Enumerable.Range(0, wishes.Length).OrderBy(i => places[i]));
        }
    }

    [Fact]
    public void Labels_with_room_stand_where_they_wish()
        => Assert.Equal([50, 10, 90], LabelPlacement.Spread([50, 10, 90], 14, 0, 100));
}
