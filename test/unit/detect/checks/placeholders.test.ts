/** What only stands in the place of a value. */
import { describe, expect, it } from 'vitest';
import { utf8 } from '../../../../src/core/bytes.ts';
import { isPlaceholder, isTemplate } from '../../../../src/detect/checks/placeholders.ts';

const judge = (value: string): boolean => isPlaceholder({ text: utf8(value), start: 0, end: value.length, value });

describe('placeholders', () => {
  it.each([
    '${TOKEN}',
    '$<TARGET_FILE:tool>',
    'oauth2_flow_{0}',
    'SSL_SERVER_%s_DN',
    'billing-db2-password',
    'dXNlcm5hbWU6cGFzc3dvcmQ=',
    'secret%3Dpassword',
    '2YotnFZFEjr1zCsicMWpAA',
    'prefix-${env.TOKEN:-none}',
    '${{ secrets.TOKEN }}',
    '$(cat token.txt)',
    '#{ENV["TOKEN"]}',
    '{{ .Values.token }}',
    '<%= token %>',
    '{% token %}',
    '%(token)s',
    '%TOKEN%',
    '%s',
    '$TOKEN',
    '@TOKEN@',
    '__TOKEN__',
    '{token}',
    'Bearer-{token}',
    '<your token>',
    '<token',
    '[token]',
    ':token',
    'CHANGEME',
    'your_api_key',
    'xxxxxxxxxxxx',
    'abababab',
    '1234567890',
    'secret123',
    'mySecret!',
    '#{ENV[',
    '********',
    'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/',
    'undefined',
  ])('are %s', (value) => {
    expect(judge(value)).toBe(true);
  });

  it.each([
    'Tr0ub4dor&3x',
    'm{{h}o)p${e]nob(o',
    'a$b7Kq{9',
    'q8%sK2z!',
    'kJ8s-2mQz',
    'p4$$w0rdZ9q',
    '9f{b}2!k',
    'Pass123!@#',
  ])('are not %s', (value) => {
    expect(judge(value)).toBe(false);
  });
});

describe('templates', () => {
  it.each([
    ['${TOKEN}', true],
    ['<password>', true],
    ['CHANGEME', true],
    ['********', true],
    ['secret123', false],
    ['Summer2024', false],
  ])('%s: %s', (value, expected) => {
    expect(isTemplate({ text: utf8(value), start: 0, end: value.length, value })).toBe(expected);
  });
});
