/// Why a whole file or mapping cannot be used, as against one of its records.
package struct FeedProblem: Error, Equatable, CustomStringConvertible {
    /// Which file; nil where the caller knows.
    package var source: String?

    /// Where, counted from 1; nil where it is about the whole.
    package let line: Int?

    /// What is wrong and what to do, in one or two sentences; it repeats no value of a record.
    package let message: String

    /// Makes a problem.
    package init(_ message: String, line: Int? = nil, source: String? = nil) {
        self.source = source
        self.line = line
        self.message = message
    }

    /// The message with its line, where it has one.
    package var description: String {
        let place = [source, line.map { "line \($0)" }].compactMap { $0 }.joined(separator: ", ")
        return place.isEmpty ? message : "\(place): \(message)"
    }

    /// The same, where the file is not named yet.
    func named(_ name: String?) -> FeedProblem {
        FeedProblem(message, line: line, source: source ?? name)
    }
}
