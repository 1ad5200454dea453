import ArgumentParser

/// What `bench/run` needs of Swift: the raw limits that only a Swift program can measure.
@main
struct Bench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "parry-bench",
        abstract: "Raw limits that bench/run compares Parry with.",
        subcommands: [SendCommand.self])
}
