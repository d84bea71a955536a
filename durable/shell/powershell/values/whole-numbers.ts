/** The whole numbers of .NET by their names, and how an overflow is told. Beyond 2^53 they are as exact as a number is. */
export type WholeNumber = { readonly low: number; readonly high: number; readonly called: string }

export const WHOLE_NUMBERS: Readonly<Record<string, WholeNumber>> = {
  Byte: { low: 0, high: 255, called: 'an unsigned byte' },
  SByte: { low: -128, high: 127, called: 'a signed byte' },
  Int16: { low: -32_768, high: 32_767, called: 'an Int16' },
  UInt16: { low: 0, high: 65_535, called: 'a UInt16' },
  Int32: { low: -2_147_483_648, high: 2_147_483_647, called: 'an Int32' },
  UInt32: { low: 0, high: 4_294_967_295, called: 'a UInt32' },
  Int64: { low: -9.223_372_036_854_776e18, high: 9.223_372_036_854_776e18, called: 'an Int64' },
  UInt64: { low: 0, high: 1.844_674_407_370_955_2e19, called: 'a UInt64' },
}
