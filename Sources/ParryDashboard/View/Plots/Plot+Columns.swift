extension Plot {
    /// Upright bars, what belongs together on top of each other.
    ///
    /// - Parameters:
    ///   - columns: What each bar is called.
    ///   - head: What the bars are, for the table.
    ///   - namesAll: Whether each bar has its name below it; else a few have.
    init(
        columns: [String], _ series: [PlotSeries], id: String, title: String, summary: String,
        head: String, namesAll: Bool = false
    ) {
        self.id = id
        self.title = title
        self.summary = summary
        (width, height) = (PlotFrame.width, PlotFrame.height)
        table = PlotTable(
            head: head, columns: series.map(\.label),
            rows: columns.enumerated().map { index, label in
                PlotTable.Row(label: label, cells: series.map { Money.count($0.values[index]) })
            })
        let frame = PlotFrame(columns: columns.count)
        let sums = columns.indices.map { index in series.reduce(0) { $0 + $1.values[index] } }
        let scale = PlotScale(upTo: sums.max() ?? 0)
        let numbers = frame.across(
            scale.ticks.map { (Double($0) / Double(scale.top), PlotScale.text($0)) })
        axes = numbers.0
        words = numbers.1 + frame.below(namesAll ? columns : columns.map(Self.short), all: namesAll)
        shapes = Self.stacked(series, frame, scale)
        legend =
            series.count > 1 ? series.map { LegendItem(style: $0.style, label: $0.label) } : []
    }

    private static func stacked(
        _ series: [PlotSeries], _ frame: PlotFrame, _ scale: PlotScale
    ) -> [Shape] {
        var below = [Int64](repeating: 0, count: frame.columns)
        let gap = min(frame.columnWidth * 0.2, 6)
        return series.map { one in
            var path = ""
            for (index, value) in one.values.enumerated() where value > 0 {
                let lower = frame.y(Double(below[index]) / Double(scale.top))
                below[index] += value
                let upper = frame.y(Double(below[index]) / Double(scale.top))
                let width = plotNumber(frame.columnWidth - gap)
                path += "M\(plotNumber(frame.x(index) + gap / 2)) \(plotNumber(lower))"
                path += "V\(plotNumber(upper))h\(width)V\(plotNumber(lower))z"
            }
            return Shape(style: one.style, path: path)
        }.filter { !$0.path.isEmpty }
    }

    /// `11-22` of `2026-11-22`.
    static func short(_ date: String) -> String {
        date.count == 10 ? String(date.suffix(5)) : date
    }
}
