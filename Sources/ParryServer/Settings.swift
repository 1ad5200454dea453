package import Configuration
import Synchronization
import SystemPackage

/// Reads options: the command line wins over the environment (`PARRY_…`), the environment over the file.
package struct Settings: Sendable {
    /// An option that cannot be used, in one sentence.
    package struct Invalid: Error, CustomStringConvertible {
        package let description: String

        package init(_ description: String) {
            self.description = description
        }
    }

    private let reader: ConfigReader
    /// The same, source by source, the strongest first.
    private let sources: [ConfigReader]
    private let used: UsedOptions

    /// - Parameters:
    ///   - commandLine: What was given there, by option name without dashes in front.
    ///   - file: A JSON file whose top-level members are option names; nil for none.
    /// - Throws: ``Invalid`` for a file that cannot be read.
    package init(commandLine: [String: ConfigValue], file: String?) async throws {
        let environment = EnvironmentVariablesProvider().prefixKeys(with: "parry")
        var keyed: [AbsoluteConfigKey: ConfigValue] = [:]
        for (name, value) in commandLine { keyed[AbsoluteConfigKey([name])] = value }
        var providers: [any ConfigProvider] = [InMemoryProvider(values: keyed), environment]
        let path = file ?? ConfigReader(provider: environment).string(forKey: "config")
        if let path { providers.append(try await Self.provider(path)) }
        reader = ConfigReader(providers: providers)
        sources = providers.map { ConfigReader(provider: $0) }
        used = UsedOptions()
    }

    private init(_ reader: ConfigReader, _ settings: Settings) {
        self.reader = reader
        sources = settings.sources
        used = settings.used
    }

    /// The settings of the strongest source that has any of some options, alone: for options that exclude each other, and
    /// for changes, which leave alone what is not named.
    package func source(of names: String...) -> Settings {
        let source = sources.first { source in names.contains { Self.has($0, source) } }
        return Settings(source ?? reader, self)
    }

    private static func has(_ name: String, _ source: ConfigReader) -> Bool {
        let key = key(name)
        return source.string(forKey: key) != nil || source.int(forKey: key) != nil
            || source.bool(forKey: key) != nil || source.stringArray(forKey: key) != nil
    }

    private static func provider(_ path: String) async throws -> any ConfigProvider {
        do {
            return try await FileProvider<JSONSnapshot>(filePath: FilePath(path))
        } catch {
            throw Invalid("the configuration file \(path) cannot be read as a JSON object")
        }
    }

    /// A text option.
    package func string(_ name: String, isSecret: Bool = false) -> String? {
        let value = reader.string(forKey: Self.key(name), isSecret: isSecret)
        if let value, !isSecret { used.note(name, [value]) }
        return value
    }

    /// A text option that must be there.
    ///
    /// - Throws: ``Invalid`` that says how to give it.
    package func required(_ name: String) throws -> String {
        guard let value = string(name) else { throw Self.missing(name) }
        return value
    }

    /// The one text option that is given of two that exclude each other.
    ///
    /// - Throws: ``Invalid`` for both, and for none.
    package func either(_ first: String, _ second: String) throws -> (name: String, value: String) {
        let source = source(of: first, second)
        switch (source.string(first), source.string(second)) {
        case (let value?, nil): return (first, value)
        case (nil, let value?): return (second, value)
        default: throw Invalid("give either --\(first) or --\(second)")
        }
    }

    /// What was asked for and given, for the audit log: the values of each option.
    package func given(of names: [String]) -> [(name: String, values: [String])] {
        used.given(of: names)
    }

    /// A list option: given once for each value, or with commas in the environment.
    package func strings(_ name: String) -> [String] {
        guard let values = reader.stringArray(forKey: Self.key(name)) else {
            return string(name).map { [$0] } ?? []
        }
        used.note(name, values)
        return values
    }

    /// A whole number within bounds.
    ///
    /// - Throws: ``Invalid`` for anything else.
    package func integer(
        _ name: String, in range: ClosedRange<Int>, default fallback: Int
    ) throws -> Int {
        try integer(name, in: range) ?? fallback
    }

    /// A whole number within bounds, if one was given.
    ///
    /// - Throws: ``Invalid`` for anything else.
    package func integer(_ name: String, in range: ClosedRange<Int>) throws -> Int? {
        let value = reader.int(forKey: Self.key(name))
        if value == nil, string(name) == nil, reader.double(forKey: Self.key(name)) == nil {
            return nil
        }
        guard let value, range.contains(value) else {
            throw Invalid(
                "\(Self.spellings(name)) must be a whole number from \(range.lowerBound) to "
                    + "\(range.upperBound)")
        }
        used.note(name, ["\(value)"])
        return value
    }

    /// A flag.
    ///
    /// - Throws: ``Invalid`` for a word that is neither true nor false.
    package func flag(_ name: String) throws -> Bool {
        if let value = reader.bool(forKey: Self.key(name)) {
            used.note(name, value ? [""] : [])
            return value
        }
        guard string(name) == nil else {
            throw Invalid("\(Self.spellings(name)) must be true or false")
        }
        return false
    }

    /// The error for an option that must be given.
    package static func missing(_ name: String) -> Invalid {
        Invalid("\(spellings(name)) is missing")
    }

    private static func key(_ name: String) -> ConfigKey { ConfigKey([name]) }

    private static func spellings(_ name: String) -> String {
        let variable = name.uppercased().replacing("-", with: "_")
        return "--\(name) (or PARRY_\(variable))"
    }
}

/// The options that a command asked for and that were given.
private final class UsedOptions: Sendable {
    private let values = Mutex<[String: [String]]>([:])

    func note(_ name: String, _ given: [String]) { values.withLock { $0[name] = given } }

    func given(of names: [String]) -> [(name: String, values: [String])] {
        values.withLock { values in names.map { ($0, values[$0] ?? []) } }
    }
}
