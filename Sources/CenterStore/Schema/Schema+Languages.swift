extension Schema {
  /// In which an appliance speaks to a cardholder, BCP 47; NULL leaves it to the appliance. Which languages
  /// there are is the program's to say.
  static let languages = """
    ALTER TABLE applications ADD COLUMN language TEXT CHECK (language GLOB '[a-z][a-z]');
    ALTER TABLE cards ADD COLUMN language TEXT CHECK (language GLOB '[a-z][a-z]');
    """
}
