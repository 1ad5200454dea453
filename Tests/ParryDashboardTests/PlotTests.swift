import Testing

@testable import ParryDashboard

@Suite("Plots")
struct PlotTests {
    @Test(
        "An axis ends at a round number that is not below what is drawn, in four steps at most",
        arguments: [
            (0, 1, 1), (1, 1, 1), (3, 3, 1), (4, 4, 1), (5, 6, 2), (7, 8, 2), (9, 10, 5),
            (21, 30, 10), (100, 100, 50), (1_130, 1_500, 500),
        ] as [(Int64, Int64, Int64)])
    func scale(greatest: Int64, top: Int64, step: Int64) {
        let scale = PlotScale(upTo: greatest)
        #expect(scale.top == top)
        #expect(scale.step == step)
    }

    @Test("Every axis reaches what is drawn, has few lines, and wastes less than half")
    func scales() {
        for greatest in Array(1...2_000) + [99_999, 1_000_001, 123_456_789] as [Int64] {
            let scale = PlotScale(upTo: greatest)
            #expect(scale.top >= greatest)
            #expect(scale.ticks.count <= 5)
            #expect(scale.ticks.last == scale.top)
            #expect(scale.top - greatest < scale.step)
        }
    }

    @Test("Bars stand on each other, and together are as high as their sum")
    func stacked() {
        let plot = Plot(
            columns: ["2026-11-21", "2026-11-22"],
            [
                PlotSeries(label: "Good", style: "s1", values: [2, 0]),
                PlotSeries(label: "Bad", style: "s3", values: [2, 4]),
            ], id: "p", title: "T", summary: "S", head: "Day")
        #expect(plot.shapes.map(\.style) == ["s1", "s3"])
        let frame = PlotFrame(columns: 2)
        let (zero, half, top) = (
            plotNumber(frame.y(0)), plotNumber(frame.y(0.5)), plotNumber(frame.y(1))
        )
        #expect(plot.shapes[0].path.contains(" \(zero)V\(half)"))
        #expect(plot.shapes[1].path.contains(" \(half)V\(top)"))
        #expect(plot.shapes[1].path.contains(" \(zero)V\(top)"))
        #expect(plot.words.map(\.text).contains("11-21"))
        #expect(plot.table.rows.map(\.cells) == [["2", "2"], ["0", "4"]])
        #expect(plot.legend.map(\.label) == ["Good", "Bad"])
    }

    @Test("A line is broken on days without anything")
    func line() {
        let plot = Plot(
            days: ["a", "b", "c"], [(of: 2, count: 1), (of: 0, count: 0), (of: 4, count: 4)],
            id: "p", title: "T", summary: "S", labels: (of: "All", count: "Some"))
        let path = plot.shapes[0].path
        #expect(path.filter { $0 == "M" }.count == 2)
        #expect(!path.contains("L"))
        #expect(plot.table.rows.map { $0.cells[2] } == ["50.0 %", "–", "100.0 %"])
    }

    @Test("Nothing is drawn of nothing")
    func empty() {
        let plot = Plot(
            columns: ["x"], [PlotSeries(label: "A", style: "s1", values: [0])], id: "p",
            title: "T", summary: "S", head: "H")
        #expect(plot.shapes.isEmpty)
        #expect(plot.legend.isEmpty)
    }

    @Test("The longest row fills its place, names that are too long are cut")
    func rows() {
        let plot = Plot(
            rows: [
                PlotRow(label: "A bank whose name is very long", length: 0.5, text: "x", cells: []),
                PlotRow(label: "B", length: 0, text: "y", cells: []),
            ], id: "p", title: "T", summary: "S", head: "H", columns: [])
        #expect(plot.shapes.count == 1)
        #expect(plot.words[0].text.count == 20)
        #expect(plot.words[0].text.hasSuffix("…"))
    }

    @Test(
        "Coordinates have a digit behind the point where it says something",
        arguments: [(1.0, "1"), (1.04, "1"), (1.25, "1.3"), (-0.5, "-0.5"), (0, "0")])
    func number(value: Double, text: String) {
        #expect(plotNumber(value) == text)
    }

    @Test(
        "Shares are rounded to a tenth of a percent",
        arguments: [(1, 3, "33.3 %"), (2, 3, "66.7 %"), (0, 5, "0.0 %"), (0, 0, "–")]
            as [(Int64, Int64, String)])
    func share(part: Int64, whole: Int64, text: String) {
        #expect(shareText(part, of: whole) == text)
    }
}
