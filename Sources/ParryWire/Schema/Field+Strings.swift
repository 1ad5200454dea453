/// Fields read as a string, with a value for certain.
extension Field where Value == String {
    /// Free text of so many Unicode scalars; full card numbers in it are found.
    public static func text(
        _ name: String, _ length: ClosedRange<Int>, _ presence: Required
    ) -> Field { Field(name, .text(length), presence) }

    /// Free text that has more in it than white space.
    public static func phrase(
        _ name: String, _ length: ClosedRange<Int>, _ presence: Required
    ) -> Field { Field(name, .phrase(length), presence) }

    /// Text that a rule elsewhere judges.
    public static func form(
        _ name: String, _ length: ClosedRange<Int>, _ form: String, _ presence: Required
    ) -> Field { Field(name, .form(length, form), presence) }

    /// A name given by a system, of so many Unicode scalars.
    public static func identifier(
        _ name: String, _ length: ClosedRange<Int> = 1...250, _ presence: Required
    ) -> Field { Field(name, .identifier(length), presence) }

    /// A string of one of the closed set of forms.
    public static func pattern(
        _ name: String, _ pattern: Pattern, _ presence: Required
    ) -> Field { Field(name, .pattern(pattern), presence) }

    /// One of the words, exactly.
    public static func word(
        _ name: String, _ words: [String], _ presence: Required
    ) -> Field { Field(name, .enumeration(words), presence) }

    /// Text that a business rule holds against these words.
    public static func known(
        _ name: String, _ words: [String], _ presence: Required
    ) -> Field { Field(name, .known(words), presence) }

    /// An active ISO 4217 code.
    public static func currency(
        _ name: String, _ presence: Required
    ) -> Field { Field(name, .currency, presence) }

    /// An ISO 3166-1 alpha-2 code.
    public static func country(
        _ name: String, _ presence: Required
    ) -> Field { Field(name, .country, presence) }

    /// An e-mail address.
    public static func email(
        _ name: String, _ presence: Required
    ) -> Field { Field(name, .email, presence) }

    /// An absolute http or https URL.
    public static func url(
        _ name: String, _ presence: Required
    ) -> Field { Field(name, .url, presence) }

    /// An IPv4 or IPv6 address.
    public static func ipAddress(
        _ name: String, _ presence: Required
    ) -> Field { Field(name, .ipAddress, presence) }
}

/// Fields read as a string, without a value where none was sent.
extension Field where Value == String? {
    /// Free text of so many Unicode scalars; full card numbers in it are found.
    public static func text(
        _ name: String, _ length: ClosedRange<Int>, _ presence: Voluntary = .optional
    ) -> Field { Field(name, .text(length), presence) }

    /// Text that a rule elsewhere judges.
    public static func form(
        _ name: String, _ length: ClosedRange<Int>, _ form: String,
        _ presence: Voluntary = .optional
    ) -> Field { Field(name, .form(length, form), presence) }

    /// A name given by a system, of so many Unicode scalars.
    public static func identifier(
        _ name: String, _ length: ClosedRange<Int> = 1...250, _ presence: Voluntary = .optional
    ) -> Field { Field(name, .identifier(length), presence) }

    /// A string of one of the closed set of forms.
    public static func pattern(
        _ name: String, _ pattern: Pattern, _ presence: Voluntary = .optional
    ) -> Field { Field(name, .pattern(pattern), presence) }

    /// One of the words, exactly.
    public static func word(
        _ name: String, _ words: [String], _ presence: Voluntary = .optional
    ) -> Field { Field(name, .enumeration(words), presence) }

    /// Text that a business rule holds against these words.
    public static func known(
        _ name: String, _ words: [String], _ presence: Voluntary = .optional
    ) -> Field { Field(name, .known(words), presence) }

    /// An active ISO 4217 code.
    public static func currency(
        _ name: String, _ presence: Voluntary = .optional
    ) -> Field { Field(name, .currency, presence) }

    /// An ISO 3166-1 alpha-2 code.
    public static func country(
        _ name: String, _ presence: Voluntary = .optional
    ) -> Field { Field(name, .country, presence) }

    /// An e-mail address.
    public static func email(
        _ name: String, _ presence: Voluntary = .optional
    ) -> Field { Field(name, .email, presence) }

    /// An absolute http or https URL.
    public static func url(
        _ name: String, _ presence: Voluntary = .optional
    ) -> Field { Field(name, .url, presence) }

    /// An IPv4 or IPv6 address.
    public static func ipAddress(
        _ name: String, _ presence: Voluntary = .optional
    ) -> Field { Field(name, .ipAddress, presence) }
}
