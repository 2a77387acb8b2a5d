/** The plain form of a good file, for the recipes that spoil or pack it. */
export const text = 'id,label\nimg_1,7\nimg_2,3\nimg_3,0\nimg_4,1\nimg_5,1\nimg_6,3\n'
