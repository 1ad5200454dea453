import Testing

@testable import ParryDashboard

@Suite("The plot of a backtest")
struct BacktestPlotTests {
    @Test("Bars are as long as their share; the smallest is still seen")
    func widths() {
        let bars = [100, 50, 1, 0].map {
            BacktestPlot.Bar(label: "Some", count: $0, money: [:], look: "s1")
        }
        let plot = BacktestPlot(bars, of: 1_000)
        #expect(plot.bars.map(\.width) == [29, 14, 2, 0])
        #expect(plot.description == "Some: 100; Some: 50; Some: 1; Some: 0; of 1,000.")
    }

    @Test("Nothing to draw is no division by nothing")
    func empty() {
        let bar = BacktestPlot.Bar(label: "Some", count: 0, money: [:], look: "s1")
        #expect(BacktestPlot([bar], of: 0).bars.map(\.width) == [0])
    }
}
