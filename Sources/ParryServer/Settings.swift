package import Configuration
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
    /// The names of those that the command line has.
    private let typed: Set<String>

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
        typed = Set(commandLine.keys)
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
        reader.string(forKey: Self.key(name), isSecret: isSecret)
    }

    /// A text option that must be there.
    ///
    /// - Throws: ``Invalid`` that says how to give it.
    package func required(_ name: String) throws -> String {
        guard let value = string(name) else { throw Self.missing(name) }
        return value
    }

    /// Which of some options that exclude each other is given. Those of the command line win over all others; nil when none
    /// is.
    ///
    /// - Throws: ``Invalid`` for more than one.
    package func choice(of names: String...) throws -> String? {
        let given = names.filter(isGiven)
        let typed = given.filter(typed.contains)
        let chosen = typed.isEmpty ? given : typed
        guard chosen.count <= 1 else { throw Self.eitherMissing(names) }
        return chosen.first
    }

    /// The one text option that is given of two that exclude each other.
    ///
    /// - Throws: ``Invalid`` for both, and for none.
    package func either(_ first: String, _ second: String) throws -> (name: String, value: String) {
        guard let name = try choice(of: first, second), let value = string(name) else {
            throw Self.eitherMissing([first, second])
        }
        return (name, value)
    }

    /// Whether there is a value, for a flag one that is true.
    private func isGiven(_ name: String) -> Bool {
        let key = Self.key(name)
        if let flag = reader.bool(forKey: key) { return flag }
        return string(name) != nil || reader.int(forKey: key) != nil
    }

    /// A list option: given once for each value, or with commas in the environment.
    package func strings(_ name: String) -> [String] {
        reader.stringArray(forKey: Self.key(name)) ?? string(name).map { [$0] } ?? []
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
        return value
    }

    /// A flag.
    ///
    /// - Throws: ``Invalid`` for a word that is neither true nor false.
    package func flag(_ name: String) throws -> Bool {
        if let value = reader.bool(forKey: Self.key(name)) { return value }
        guard string(name) == nil else {
            throw Invalid("\(Self.spellings(name)) must be true or false")
        }
        return false
    }

    /// The error for an option that must be given.
    package static func missing(_ name: String) -> Invalid {
        Invalid("\(spellings(name)) is missing")
    }

    private static func eitherMissing(_ names: [String]) -> Invalid {
        Invalid("give either \(names.map { "--\($0)" }.joined(separator: " or "))")
    }

    private static func key(_ name: String) -> ConfigKey { ConfigKey([name]) }

    private static func spellings(_ name: String) -> String {
        let variable = name.uppercased().replacing("-", with: "_")
        return "--\(name) (or PARRY_\(variable))"
    }
}
